#include "selfplay/run_end.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "selfplay/experience_store.h"

namespace selfplay {

absl::Status TellRunGoesOn(ExperienceStore& store) {
  return store.PutSetting(kFinishedAtSetting, "");
}

absl::Status TellRunIsFinished(ExperienceStore& store) {
  return store.PutSetting(kFinishedAtSetting,
                          absl::StrCat(absl::ToUnixSeconds(absl::Now())));
}

absl::StatusOr<bool> IsRunFinished(ExperienceStore& store) {
  const absl::StatusOr<std::optional<std::string>> finished_at =
      store.Setting(kFinishedAtSetting);
  if (!finished_at.ok()) return finished_at.status();
  return finished_at->has_value() && !(*finished_at)->empty();
}

}  // namespace selfplay
