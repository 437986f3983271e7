#include "encoder_bridge/container.h"

#include <gtest/gtest.h>

#include <optional>

namespace encoder_bridge {
namespace {

TEST(ContainerTest, IsChosenByTheExtension) {
  const struct {
    const char* path;
    std::optional<Container> want;
  } kCases[] = {{"out.webm", Container::kWebm},
                {"a/b.c/OUT.WebM", Container::kWebm},
                {"out.mkv", Container::kMatroska},
                {"out.MKV", Container::kMatroska},
                {"out.webm.mp4", Container::kMp4},
                {"out.ivf", Container::kIvf},
                {"out.avi", std::nullopt},
                {"webm", std::nullopt},
                {"", std::nullopt}};
  for (const auto& c : kCases) EXPECT_EQ(ContainerOf(c.path), c.want) << c.path;
}

TEST(ContainerTest, OnlyIvfHoldsNoAudio) {
  EXPECT_FALSE(HoldsAudio(Container::kIvf));
  EXPECT_TRUE(HoldsAudio(Container::kWebm));
  EXPECT_TRUE(HoldsAudio(Container::kMatroska));
  EXPECT_TRUE(HoldsAudio(Container::kMp4));
}

}  // namespace
}  // namespace encoder_bridge
