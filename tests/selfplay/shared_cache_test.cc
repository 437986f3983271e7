#include "selfplay/shared_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;

class SharedCacheTest : public testing::Test {
 protected:
  using Cache = SharedCache<std::string>;

  // The text called `name`, which is `text` if it is made now.
  absl::StatusOr<Cache::Pointer> Get(const std::string& name,
                                     const std::string& text) {
    return cache_.Get(name, [&]() -> absl::StatusOr<Cache::Pointer> {
      ++made_;
      return std::make_shared<const std::string>(text);
    });
  }

  std::atomic<int> made_ = 0;
  Cache cache_{/*max_bytes=*/10, [](const std::string& text) {
                 return static_cast<int64_t>(text.size());
               }};
};

TEST_F(SharedCacheTest, MakesAValueOnce) {
  EXPECT_EQ(*Get("a", "first").value(), "first");
  EXPECT_EQ(*Get("a", "second").value(), "first");
  EXPECT_EQ(made_, 1);
}

TEST_F(SharedCacheTest, ForgetsWhatWasNotAskedForTheLongest) {
  (void)Get("a", "12345");
  (void)Get("b", "12345");
  (void)Get("a", "");
  (void)Get("c", "12345");
  EXPECT_EQ(cache_.bytes(), 10);
  EXPECT_EQ(*Get("a", "new").value(), "12345");
  EXPECT_EQ(*Get("b", "new").value(), "new");
}

TEST_F(SharedCacheTest, KeepsAValueForWhoHoldsIt) {
  const Cache::Pointer held = Get("a", "1234567890").value();
  (void)Get("b", "1234567890");
  EXPECT_EQ(*held, "1234567890");
}

TEST_F(SharedCacheTest, KeepsOneValueThatIsTooLarge) {
  (void)Get("a", std::string(100, 'x'));
  EXPECT_EQ(cache_.bytes(), 100);
  (void)Get("b", "1");
  EXPECT_EQ(cache_.bytes(), 1);
}

TEST_F(SharedCacheTest, DoesNotKeepErrors) {
  EXPECT_THAT(cache_.Get("a",
                         []() -> absl::StatusOr<Cache::Pointer> {
                           return absl::NotFoundError("gone");
                         }),
              HasStatus(absl::StatusCode::kNotFound, "gone"));
  EXPECT_EQ(*Get("a", "back").value(), "back");
}

TEST_F(SharedCacheTest, MakesAValueOnceForManyThreads) {
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back(
          [&] { right += *Get("a", "same").value() == "same"; });
    }
  }
  EXPECT_EQ(right, 8);
  EXPECT_EQ(made_, 1);
}

}  // namespace
}  // namespace selfplay
