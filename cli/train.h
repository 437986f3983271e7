#ifndef CLI_TRAIN_H_
#define CLI_TRAIN_H_

#include "cli/stop_signal.h"
#include "cli/training_arguments.h"

namespace CLI {
class App;
}

namespace cli {

// Add the verbs to `app`; parsing fills `arguments`, which must outlive it.
// `train` is learner, workers and store in one process; `learn` is the learner
// alone, for workers elsewhere.
CLI::App& AddTrainVerb(CLI::App& app, TrainingArguments& arguments);
CLI::App& AddLearnVerb(CLI::App& app, TrainingArguments& arguments);

// What was trained on stdout; progress and errors on stderr.
int RunTrain(const TrainingArguments& arguments, StopSignal& stop);
int RunLearn(const TrainingArguments& arguments, StopSignal& stop);

}  // namespace cli

#endif  // CLI_TRAIN_H_
