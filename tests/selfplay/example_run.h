#ifndef TESTS_SELFPLAY_EXAMPLE_RUN_H_
#define TESTS_SELFPLAY_EXAMPLE_RUN_H_

#include <string>
#include <vector>

#include "selfplay/episode_log.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "tests/selfplay/fake_experience_store.h"

namespace selfplay {

// An episode of one step, and of one clip of one frame.
struct ExampleEpisode {
  std::string clip = "a";
  int target_kbps = 500;
  double quality = 40;
  double bits_fraction = 1;
};

// What a worker would deliver, with an id of its own; its first pass is put
// into `store`.
PlayedEpisode MakeExample(ExperienceStore& store,
                          const ExampleEpisode& example);

// Stores it with the default rule; fails the test if that fails.
EpisodeReceipt AddExample(ExperienceStore& store,
                          const ExampleEpisode& example);

// The log of these episodes, one a second from 1000 on.
std::vector<LoggedEpisode> LogOf(const std::vector<ExampleEpisode>& examples);

// A run of `num_episodes` on 4 clips and 3 targets that learns: overshoot
// falls, PSNR rises; with metrics, evaluations, settings.
void FillExampleRun(FakeExperienceStore& store, int num_episodes);

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_EXAMPLE_RUN_H_
