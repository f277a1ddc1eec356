#include "cli/graph/graph_formats.hpp"
#include "cli/output.hpp"
#include "cli/pipeline_file.hpp"
#include "cli/verbs.hpp"

#include <memory>
#include <string>

namespace weir::cli {

namespace {

struct graph_options {
  std::string pipeline;
  std::string format = "text";
  std::string out;
};

exit_code graph(const graph_options& options) {
  const auto pipeline = read_pipeline(options.pipeline);
  if (!pipeline)
    return exit_code::bad_configuration;
  const auto made = graph_of(*pipeline);
  auto out = output::open(options.out);
  if (!out)
    return report(out.error());
  out->write(options.format == "svg"       ? graph_svg(made)
             : options.format == "mermaid" ? graph_mermaid(made)
                                           : graph_text(made));
  if (auto written = out->finish(); !written)
    return report(written.error());
  return exit_code::done;
}

void declare(arguments verb) {
  const auto options = std::make_shared<graph_options>();
  verb.option("pipeline", &options->pipeline, "Pipeline file").required();
  verb.option("--format", &options->format, "text, mermaid (a flowchart for documents) or svg (a picture)")
      .one_of({"text", "mermaid", "svg"})
      .with_default();
  verb.option("--out", &options->out, "File that is written; default: standard output");
  verb.run([options] { return graph(*options); });
}

} // namespace

constexpr verb verbs::graph{"graph",
                            "print a pipeline as a graph: its source, steps, sinks and alerts, with their columns",
                            "weir graph pipeline.yaml --format svg --out pipeline.svg", declare};

} // namespace weir::cli
