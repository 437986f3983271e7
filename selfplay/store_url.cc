#include "selfplay/store_url.h"

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace selfplay {
namespace {

using Options = std::map<std::string, std::string>;

// In seconds, but for tcp_user_timeout, which is in milliseconds.
Options OurDefaults() {
  return {
      {"connect_timeout", "10"},    {"fallback_application_name", "muzero-rc"},
      {"keepalives_count", "3"},    {"keepalives_idle", "15"},
      {"keepalives_interval", "5"}, {"tcp_user_timeout", "20000"}};
}

absl::StatusOr<Options> ReadOptions(absl::string_view url) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
      PQconninfoParse(std::string(url).c_str(), &error), PQconninfoFree);
  // libpq's words may quote a part of a password.
  PQfreemem(error);
  if (parsed == nullptr) {
    return absl::InvalidArgumentError(
        "the store's URL begins as PostgreSQL's, but is none: wanted "
        "postgresql://USER@HOST/DATABASE, with %XX for special characters");
  }
  Options options;
  for (const PQconninfoOption* option = parsed.get();
       option->keyword != nullptr; ++option) {
    if (option->val != nullptr) options[option->keyword] = option->val;
  }
  return options;
}

// [PostgreSQL manual, 34.1.1.1]
std::string Quoted(absl::string_view value) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

absl::StatusOr<StoreUrl> ParsePostgresql(absl::string_view url) {
  absl::StatusOr<Options> options = ReadOptions(url);
  if (!options.ok()) return options.status();
  StoreUrl parsed = {.engine = SqlEngine::kPostgresql};
  for (const char* secret : {"password", "sslpassword"}) {
    const auto it = options->find(secret);
    if (it != options->end() && !it->second.empty()) {
      parsed.secrets.push_back(it->second);
    }
  }
  options->merge(OurDefaults());
  for (const auto& [keyword, value] : *options) {
    absl::StrAppend(&parsed.target, parsed.target.empty() ? "" : " ", keyword,
                    "=", Quoted(value));
  }
  return parsed;
}

}  // namespace

absl::StatusOr<StoreUrl> ParseStoreUrl(absl::string_view url) {
  if (absl::StartsWith(url, "postgresql://") ||
      absl::StartsWith(url, "postgres://")) {
    return ParsePostgresql(url);
  }
  absl::string_view path = url;
  if (!absl::ConsumePrefix(&path, "sqlite:")) {
    return absl::InvalidArgumentError(
        "the store's URL is neither sqlite:PATH nor postgresql://...");
  }
  // SQLite and SOCI take these for more than a name.
  if (path.empty() || path.find('"') != path.npos ||
      path.find('\0') != path.npos || path == ":memory:") {
    return absl::InvalidArgumentError(absl::StrCat(
        "the store's URL ", url, " names no file; wanted sqlite:PATH"));
  }
  return StoreUrl{.engine = SqlEngine::kSqlite, .target = std::string(path)};
}

std::string WithoutSecrets(const StoreUrl& url, absl::string_view message) {
  std::string clean(message);
  for (const std::string& secret : url.secrets) {
    clean = absl::StrReplaceAll(clean, {{secret, "***"}});
  }
  return clean;
}

}  // namespace selfplay
