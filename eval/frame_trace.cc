#include "eval/frame_trace.h"

#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace eval {

std::vector<FrameTrace> MiddleTraces(const std::vector<FrameTrace>& traces) {
  std::map<std::string, std::set<double>> targets_of_clip;
  for (const FrameTrace& trace : traces) {
    if (trace.target_kbps > 0) {
      targets_of_clip[trace.clip].insert(trace.target_kbps);
    }
  }
  std::vector<FrameTrace> middle;
  for (const FrameTrace& trace : traces) {
    const auto targets = targets_of_clip.find(trace.clip);
    if (targets == targets_of_clip.end()) continue;
    const auto half =
        static_cast<std::ptrdiff_t>((targets->second.size() - 1) / 2);
    if (trace.target_kbps == *std::next(targets->second.begin(), half)) {
      middle.push_back(trace);
    }
  }
  return middle;
}

}  // namespace eval
