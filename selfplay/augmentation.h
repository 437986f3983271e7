#ifndef SELFPLAY_AUGMENTATION_H_
#define SELFPLAY_AUGMENTATION_H_

#include <random>

#include "muzero/model.h"

namespace selfplay {

// Changes what an observation (observation.h) says of the clip, but not of what
// is to be done about it, so that a network cannot know clips apart by it:
//
//  - Horizontal and vertical pan have their sign turned around or not, each by
//    an even chance, as in a mirrored clip.
//  - Errors and noise, rates, amounts of motion, and the picture's size are
//    multiplied: each of these kinds by e^a, and each feature of it by another
//    e^b, the same for all tokens; a and b are normal, with a standard
//    deviation of `strength` and half of it.  For rates there is no b: what is
//    told of them is a comparison with each other.
//
// Numbers that are 0, which "not known" is, stay so; all remain in their range.
// REQUIRES: strength >= 0; `observation` is MakeObservation()'s.
void Augment(double strength, muzero::Observation& observation,
             std::mt19937_64& random);

}  // namespace selfplay

#endif  // SELFPLAY_AUGMENTATION_H_
