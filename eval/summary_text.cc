#include "eval/summary_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace eval {
namespace {

constexpr absl::string_view kNone = "–";

// "−5.8 %", "+3.0 %", "0.0 %".
std::string Signed(double percent) {
  const std::string digits = absl::StrFormat("%.1f", std::abs(percent));
  const absl::string_view sign = digits == "0.0" ? "" : percent < 0 ? "−" : "+";
  return absl::StrCat(sign, digits, " %");
}

std::string Percent(double share, int decimals) {
  return absl::StrFormat("%.*f %%", decimals, 100 * share);
}

std::string Clips(int count) {
  return absl::StrCat(count, count == 1 ? " clip" : " clips");
}

std::string NeedsBits(double percent) {
  const std::string digits = absl::StrFormat("%.1f", std::abs(percent));
  if (digits == "0.0") return "needs as many bits as";
  return absl::StrCat("needs ", digits, " % ", percent < 0 ? "fewer" : "more",
                      " bits than");
}

// REQUIRES: `controller` is not the anchor.
std::string Verdict(const ControllerSummary& controller,
                    absl::string_view anchor) {
  const BdRateSummary& bd_rate =
      (*controller.bd_rate)[IndexOf(QualityMeasure::kPsnr)];
  if (!bd_rate.statistics.has_value()) {
    return absl::StrCat(controller.name, " cannot be compared with ", anchor,
                        ": no clip has a BD-rate (", bd_rate.failed[0].clip,
                        ": ", bd_rate.failed[0].reason, ").");
  }
  const BdRateStatistics& statistics = *bd_rate.statistics;
  std::string sentence =
      absl::StrCat(controller.name, " ", NeedsBits(statistics.mean), " ",
                   anchor, " at equal PSNR (mean of ", Clips(bd_rate.clips),
                   "; ", Percent(statistics.share_improved, 0),
                   " improved; worst ", Signed(statistics.worst));
  if (!bd_rate.failed.empty()) {
    absl::StrAppend(&sentence, "; ",
                    Clips(static_cast<int>(bd_rate.failed.size())),
                    " could not be compared");
  }
  return sentence + ").";
}

// Text that stays in its cell of a Markdown table, and stays text.
std::string Cell(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\n", " "},
                                    {"\r", " "},
                                    {"\\", "\\\\"},
                                    {"|", "\\|"},
                                    {"<", "&lt;"},
                                    {"`", "\\`"},
                                    {"*", "\\*"},
                                    {"[", "\\["}});
}

std::string Row(const std::vector<std::string>& cells) {
  return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n");
}

std::string BdRateTable(const Summary& summary) {
  std::string table =
      absl::StrCat("BD-rate against ", Cell(summary.anchor),
                   " (PCHIP; negative: fewer bits at equal quality)\n\n",
                   Row({"controller", "quality", "clips", "mean", "median",
                        "worst", "improved"}),
                   "| --- | --- | ---: | ---: | ---: | ---: | ---: |\n");
  for (const ControllerSummary& controller : summary.controllers) {
    if (!controller.bd_rate.has_value()) continue;
    for (const QualityMeasure measure : kQualityMeasures) {
      const BdRateSummary& bd_rate = (*controller.bd_rate)[IndexOf(measure)];
      std::vector<std::string> cells = {
          Cell(controller.name), std::string(Label(measure)),
          absl::StrCat(bd_rate.clips, " of ", controller.clips)};
      if (bd_rate.statistics.has_value()) {
        cells.insert(cells.end(),
                     {Signed(bd_rate.statistics->mean),
                      Signed(bd_rate.statistics->median),
                      Signed(bd_rate.statistics->worst),
                      Percent(bd_rate.statistics->share_improved, 0)});
      } else {
        cells.insert(cells.end(), 4, std::string(kNone));
      }
      table += Row(cells);
    }
  }
  return table;
}

std::string OvershootTable(const Summary& summary) {
  std::string table = absl::StrCat(
      "Bitrate against target (feasible targets only)\n\n",
      Row({"controller", "encodes", "mean overshoot", "worst",
           "over by > 0.5 %", "over by > 2 %", "mean deviation", "infeasible"}),
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (const ControllerSummary& controller : summary.controllers) {
    if (!controller.overshoot.has_value()) continue;
    const OvershootSummary& overshoot = *controller.overshoot;
    std::vector<std::string> cells = {Cell(controller.name),
                                      absl::StrCat(overshoot.encodes)};
    if (overshoot.statistics.has_value()) {
      const TargetStatistics& statistics = *overshoot.statistics;
      cells.insert(cells.end(),
                   {Percent(statistics.mean, 2), Percent(statistics.worst, 1),
                    Percent(statistics.share_over_0_5pct, 0),
                    Percent(statistics.share_over_2pct, 0),
                    Percent(statistics.mean_abs_deviation, 2)});
    } else {
      cells.insert(cells.end(), 5, std::string(kNone));
    }
    cells.push_back(absl::StrCat(overshoot.infeasible.size()));
    table += Row(cells);
  }
  return table;
}

// The clips without a BD-rate, one line each; empty if there are none.
std::string FailureList(const Summary& summary) {
  std::string list;
  for (const ControllerSummary& controller : summary.controllers) {
    if (!controller.bd_rate.has_value()) continue;
    for (const QualityMeasure measure : kQualityMeasures) {
      for (const ClipFailure& failure :
           (*controller.bd_rate)[IndexOf(measure)].failed) {
        absl::StrAppend(&list, "- ", Cell(failure.clip), ", ",
                        Cell(controller.name), ", ", Label(measure), ": ",
                        Cell(failure.reason), "\n");
      }
    }
  }
  return list.empty() ? "" : absl::StrCat("Without a BD-rate:\n\n", list, "\n");
}

std::string Pairs(const std::map<std::string, std::string>& pairs) {
  return absl::StrJoin(pairs, ", ", [](std::string* out, const auto& pair) {
    absl::StrAppend(out, Cell(pair.first), " ", Cell(pair.second));
  });
}

std::string Provenance(const RunInfo& run) {
  return absl::StrCat("Revision ", Cell(run.revision), "; ",
                      Pairs(run.versions), "; ", Cell(run.machine), "; ",
                      Cell(run.date), ".\nTargets: ", Cell(run.targets),
                      ".  Settings: ", Pairs(run.settings), ".\n");
}

}  // namespace

std::vector<std::string> Verdicts(const Summary& summary) {
  std::vector<const ControllerSummary*> tests;
  for (const ControllerSummary& controller : summary.controllers) {
    if (controller.bd_rate.has_value()) tests.push_back(&controller);
  }
  if (tests.empty()) {
    if (summary.controllers.empty())
      return {"There are no encodes to compare."};
    return {absl::StrCat("Only ", summary.anchor,
                         " was run: there is nothing to compare it with.")};
  }
  std::stable_partition(tests.begin(), tests.end(),
                        [](const ControllerSummary* controller) {
                          return controller->overshoot.has_value();
                        });
  std::vector<std::string> verdicts;
  for (const ControllerSummary* controller : tests) {
    verdicts.push_back(Verdict(*controller, summary.anchor));
  }
  return verdicts;
}

std::string SummaryMarkdown(const Summary& summary, const RunInfo& run) {
  std::string verdicts;
  for (const std::string& verdict : Verdicts(summary)) {
    absl::StrAppend(&verdicts, Cell(verdict), "\n");
  }
  return absl::StrCat(verdicts, "\n", BdRateTable(summary), "\n",
                      OvershootTable(summary), "\n", FailureList(summary),
                      Provenance(run));
}

}  // namespace eval
