#include "models/onnxruntime/runtime_library.hpp"

#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <dlfcn.h>

namespace weir::models {

namespace {

constexpr auto path_variable = "ONNXRUNTIME_LIBRARY";
constexpr std::array usual_names{"libonnxruntime.so.1", "libonnxruntime.so"};
constexpr auto remedy =
    "install ONNX Runtime and name its libonnxruntime.so in ONNXRUNTIME_LIBRARY: it is in the archives of "
    "its releases and in the Python package onnxruntime; without 'backend' Weir needs no such library for the "
    "operators "
    "of 'weir list operators'";

} // namespace

core::result<void> runtime_library::check(ort::status* said) const {
  if (said == nullptr)
    return {};
  std::string why = functions_->get_error_message(said);
  functions_->release_status(said);
  for (auto& sign : why)
    if (sign == '\n' || sign == '\r')
      sign = ' ';
  return core::fail("ONNX Runtime: " + why);
}

core::result<void> runtime_library::start() {
  return check(functions_->create_environment(ort::logging_level::fatal, "weir", &environment_))
      .and_then([&] { return check(functions_->get_default_allocator(&allocator_)); })
      .and_then([&] {
        return check(
            functions_->create_cpu_memory_info(ort::allocator_kind::device, ort::memory_kind::usual, &memory_));
      });
}

core::result<const runtime_library*> runtime_library::open(const char* path) {
  auto* const library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return core::cannot_reach(::dlerror());
  // It stays loaded, whatever it is: its threads and its destructors at the end of the process are its own.
  auto* const entry = ::dlsym(library, ort::entry_point);
  if (entry == nullptr)
    return core::fail("'" + std::string{path} + "' is not ONNX Runtime");
  const auto* const base = reinterpret_cast<const ort::api_base* (*)()>(entry)();
  std::unique_ptr<runtime_library> made{new runtime_library};
  made->functions_ = base == nullptr ? nullptr : base->get_api(ort::api_version);
  if (made->functions_ == nullptr)
    return core::fail("'" + std::string{path} + "' does not know version 1 of ONNX Runtime's interface");
  if (auto good = made->start(); !good)
    return tl::unexpected{std::move(good.error())};
  return made.release();
}

core::result<const runtime_library*> runtime_library::find() {
  static std::mutex one_at_a_time;
  static std::map<std::string, const runtime_library*> loaded; // by path
  const std::lock_guard lock{one_at_a_time};
  const auto* const named = std::getenv(path_variable);
  std::vector<const char*> paths{usual_names.begin(), usual_names.end()};
  if (named != nullptr && *named != '\0')
    paths = {named};
  core::error first;
  for (const auto* path : paths) {
    if (const auto known = loaded.find(path); known != loaded.end())
      return known->second;
    auto library = open(path);
    if (library) {
      loaded.emplace(path, *library);
      return *library;
    }
    if (first.what.empty())
      first = std::move(library.error());
  }
  first.what = "ONNX Runtime cannot be loaded: " + first.what;
  first.remedy = remedy;
  return tl::unexpected{std::move(first)};
}

} // namespace weir::models
