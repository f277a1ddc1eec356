#pragma once

#include <string>
#include <vector>

namespace weir::cli {

/// Everything that a demo leaves behind, in one folder.
struct demo_files {
  explicit demo_files(const std::string& folder);

  std::string folder;
  std::string history;           ///< labelled transactions to learn from, CSV
  std::string live;              ///< those to stream, NDJSON
  std::string features_pipeline; ///< history -> features
  std::string features;          ///< CSV
  std::string model;             ///< ONNX
  std::string pipeline;          ///< live -> scored, alerts, dead letters
  std::string scored;
  std::string alerts;
  std::string dead_letters;
  std::string state; ///< folder
};

/// Topics of one demo; no other one has them.
struct demo_topics {
  explicit demo_topics(std::string unique_name);

  std::string name; ///< of the pipeline
  std::string in;
  std::string scored;
  std::string alerts;
  std::string dead_letters;
};

/// What the model reads, in order; the columns that both pipelines make.
const std::vector<std::string>& demo_features();

/// The pipeline that turns history into rows to learn from. It shares its preprocessing with the other one, so that the
/// model is trained on what it will see.
std::string features_pipeline_text(const demo_files& files);

/// The whole pipeline, from file to files.
std::string demo_pipeline_text(const demo_files& files);

/// The whole pipeline, from topic to topics.
std::string demo_pipeline_text(const demo_files& files, const demo_topics& topics, const std::string& brokers);

} // namespace weir::cli
