#pragma once

#include "core/base/result.hpp"
#include "models/model.hpp"
#include "models/onnx/file_writer.hpp"
#include "models/training_data.hpp"

#include <map>
#include <string>

namespace onnx {
class ModelProto;
}

namespace weir::models {

// What weir keeps in a model file's metadata_props, as JSON: `feature_names`, an array of texts; `encoders`, an object
// of arrays of texts: the categories of each text feature, in the order of their codes; and `imputed`, an object that
// has a member for each feature whose missing values the model fills: with what. Null: what is missing has a side in
// each split, as a category of its own.

/// The metadata of an ONNX file alone: its graph is passed over unread, however large it is.
core::result<std::map<std::string, std::string>> read_metadata(const std::string& path);

/// Fills the metadata, the names of the features and the encoders. Fails when these are not as they should be.
core::result<void> read_metadata(const onnx::ModelProto& file, model_meaning& into);

/// Of a file that weir has trained: a category that it has not learned is refused.
void write_metadata(const std::vector<std::string>& feature_names, file_writer& file);

/// What each feature was worth to the trainer: `importances`, an object of numbers. @pre one for each name
void write_importances(const std::vector<std::string>& feature_names, const std::vector<double>& importances,
                       file_writer& file);

/// With what the model fills missing values, where the data says that it does.
void write_fills(const training_data& of, file_writer& file);

/// The bytes of an ONNX file that says something more of itself. @pre it is one that weir has written
std::string with_metadata(std::string_view file, std::string_view key, std::string value);

/// Whether the file says that.
bool refuses_unknown_categories(const model_meaning& of);

} // namespace weir::models
