#ifndef CLI_EXPORT_H_
#define CLI_EXPORT_H_

#include <string>

namespace CLI {
class App;
}

namespace cli {

struct ExportArguments {
  std::string run;
  std::string which = "latest";
  std::string output;
  bool overwrite = false;
};

// Adds the verb to `app`; parsing fills `arguments`, which must outlive it.
CLI::App& AddExportVerb(CLI::App& app, ExportArguments& arguments);

// Writes one model file.
int RunExport(const ExportArguments& arguments);

}  // namespace cli

#endif  // CLI_EXPORT_H_
