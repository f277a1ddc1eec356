#pragma once

#include "core/base/result.hpp"
#include "models/onnxruntime/c_api.hpp"

namespace weir::models {

/// ONNX Runtime, as it is loaded into this process: for as long as that lives.
class runtime_library {
public:
  /// Loads the library that the variable ONNXRUNTIME_LIBRARY names, else `libonnxruntime.so.1` or `libonnxruntime.so`
  /// from where the system keeps libraries. Once: who asks again gets the same. An error says what to install.
  static core::result<const runtime_library*> find();

  const ort::api& functions() const noexcept { return *functions_; }
  const ort::environment* environment() const noexcept { return environment_; }
  ort::allocator* allocator() const noexcept { return allocator_; }
  const ort::memory_info* memory() const noexcept { return memory_; }

  /// What a call says, which is released. The text of an error is ONNX Runtime's.
  core::result<void> check(ort::status* said) const;

private:
  runtime_library() = default;

  static core::result<const runtime_library*> open(const char* path);
  core::result<void> start();

  const ort::api* functions_ = nullptr;
  ort::environment* environment_ = nullptr;
  ort::allocator* allocator_ = nullptr;
  ort::memory_info* memory_ = nullptr;
};

} // namespace weir::models
