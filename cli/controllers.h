#ifndef CLI_CONTROLLERS_H_
#define CLI_CONTROLLERS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/constant_q_controller.h"
#include "eval/sweep_controller.h"

namespace CLI {
class App;
}

namespace cli {

// The heading of the controllers' flags in --help.
inline constexpr char kControllerGroup[] = "Controllers";

// Flags that shape controllers.
struct ControllerOptions {
  // muzero.
  std::optional<std::string> model;  // Path; none: the shipped one.
  int num_simulations = 0;
  std::string device = "auto";
  // Not flags.  Whether to keep PlanningReport::frames, and whether an encode
  // that the model does not plan to its end is an error.
  bool record_plans = false;
  bool refuse_fallback = false;
  // constant-q: how far below the level the other frame types are, in q_index.
  int key_offset = 0;
  int alt_ref_offset = 0;
  int golden_offset = 0;
  // Ladders in place of targets; empty: the controller's default ladder.
  std::vector<int> cq_levels;      // libvpx-q: 0 to 63.
  std::vector<int> q_indices;      // constant-q: 1 to 255.
  std::optional<int> kf_max_dist;  // feedback: as libvpx was told.
};

// Adds the flags of constant-q's offsets to `verb`.
void AddConstantQFlags(CLI::App& verb, ControllerOptions& options);

// Adds the flags of muzero, with or without --device.
enum class PolicyFlags { kAll, kWithoutDevice };
void AddPolicyFlags(CLI::App& verb, ControllerOptions& options,
                    PolicyFlags flags = PolicyFlags::kAll);

// Returns the path of muzero's model.  InvalidArgument if none is named and
// none came with this program.
absl::StatusOr<std::string> ModelPath(const ControllerOptions& options);

// Names for --controller and --controllers, with `separator` between.
std::string ControllerNames(absl::string_view separator = ", ");

// Returns the controller that users call `name`; for muzero, reads the model.
// InvalidArgument if the command line is wrong: for a name, with those there
// are.  FailedPrecondition if the model is at fault.
absl::StatusOr<eval::SweepController> MakeController(
    absl::string_view name, const ControllerOptions& options);

// Makes `controller` keep the best of `attempts` encodes.  InvalidArgument if
// there cannot be so many, or its attempts would all be the same.
absl::Status SetAttempts(int attempts, eval::SweepController& controller);

// Makes `controller` plan with the encoder, at `effort` times the time.
// InvalidArgument if there is no such effort, or it cannot.
absl::Status SetEffort(int effort, eval::SweepController& controller);

// Returns InvalidArgument if `controller` runs at levels and `level` is none.
absl::Status CheckLevel(const eval::SweepController& controller, int level);

// Returns what constant-q chooses at `level`: its offsets applied, clamped to
// the q_index values there are.
encoder_bridge::ConstantQIndices QIndicesAt(int level,
                                            const ControllerOptions& options);

}  // namespace cli

#endif  // CLI_CONTROLLERS_H_
