#include "selfplay/report_page.h"

#include <string>

#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"
#include "selfplay/report_page_assets.h"

namespace selfplay {
namespace {

using Json = nlohmann::ordered_json;

// JSON that can stand in a <script> element: without "<" nothing in it can end
// the element or begin another.
std::string InScript(const Json& json) {
  return absl::StrReplaceAll(
      json.dump(/*indent=*/-1, ' ',
                /*ensure_ascii=*/true, Json::error_handler_t::replace),
      {{"<", "\\u003c"}});
}

}  // namespace

std::string RenderPage(const PageParts& parts, const Json& data) {
  // All at once, so that a name like a placeholder stays a name.
  return absl::StrReplaceAll(PageTemplate(), {{"@TITLE@", parts.title},
                                              {"@STYLE@", PageStyle()},
                                              {"@OWN_STYLE@", parts.style},
                                              {"@BODY@", parts.body},
                                              {"@CHART_JS@", ChartJs()},
                                              {"@DATA@", InScript(data)},
                                              {"@PAGE_SCRIPT@", PageScript()},
                                              {"@SCRIPT@", parts.script}});
}

}  // namespace selfplay
