#include "io/store/local_backend.hpp"

#include "io/outputs.hpp"
#include "io/trouble.hpp"

namespace weir::io {

using core::broker_answer;

namespace {

class local_backend final : public backend {
public:
  local_backend(backend_options options, std::shared_ptr<local_store> store) :
      options_{std::move(options)}, store_{std::move(store)} {}

  core::result<std::shared_ptr<const output_set>> open() override {
    store_->abort();
    outputs_.producers().reset({});
    outputs_.files().reset(store_.get());
    auto set = open_outputs(*options_.pipeline, options_.header, outputs_);
    if (!set) {
      trouble_.note(set.error());
      return tl::unexpected{set.error()};
    }
    (*set)->changelog = store_;
    return std::shared_ptr<const output_set>{*set};
  }

  core::output_rule rule() const override { return core::output_rule::cut_to_the_state; }
  broker_answer begin() override { return broker_answer::ok; }
  broker_answer send_offsets(const std::vector<core::partition_offset>&) override { return broker_answer::ok; }

  broker_answer commit() override {
    auto lengths = outputs_.files().sync();
    auto committed = lengths ? store_->commit(*lengths) : core::result<void>{tl::unexpected{lengths.error()}};
    if (!committed) {
      trouble_.tell(committed.error());
      return broker_answer::fatal;
    }
    trouble_.clear();
    return broker_answer::ok;
  }

  // What the files hold beyond the last commit is cut off when they are opened anew.
  broker_answer abort() override {
    store_->abort();
    if (const auto failure = outputs_.files().failure())
      trouble_.tell(*failure);
    return broker_answer::fatal;
  }

  std::string trouble() const override { return trouble_.text(); }

private:
  backend_options options_;
  std::shared_ptr<local_store> store_;
  output_opener outputs_;
  io::trouble trouble_;
};

} // namespace

std::unique_ptr<backend> make_local_backend(backend_options options, std::shared_ptr<local_store> store) {
  return std::make_unique<local_backend>(std::move(options), std::move(store));
}

} // namespace weir::io
