#include "selfplay/episode_codec.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <limits>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "selfplay/action_space.h"
#include "selfplay/episode.pb.h"
#include "selfplay/played_episode.h"
#include "selfplay/stored_bytes.h"
#include "tests/selfplay/made_episode.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using testing_support::HasStatus;
using testing_support::IsOk;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr float kFloatNan = std::numeric_limits<float>::quiet_NaN();

constexpr StoredFormat kFormat = {
    .tag = "mzep", .version = 1, .max_bytes = 2 * kMaxEpisodeBytes};

// The protobuf within a serialized episode.
proto::Episode Unpacked(const std::string& bytes) {
  proto::Episode message;
  EXPECT_TRUE(message.ParseFromString(UnpackBytes(kFormat, bytes).value()));
  return message;
}

absl::StatusOr<PlayedEpisode> ParsePacked(const proto::Episode& message) {
  return ParsePlayedEpisode(
      PackBytes(kFormat, message.SerializeAsString()).value());
}

TEST(EpisodeCodecTest, ReadsWhatItWroteBitForBit) {
  for (const uint64_t seed : {1, 2, 3}) {
    const PlayedEpisode episode = MadeEpisode({.frames = 20, .seed = seed});
    const auto bytes = SerializePlayedEpisode(episode);
    ASSERT_THAT(bytes, IsOk());
    const auto parsed = ParsePlayedEpisode(*bytes);
    ASSERT_THAT(parsed, IsOk());
    EXPECT_TRUE(AreSame(*parsed, episode));
  }
}

TEST(EpisodeCodecTest, KeepsEveryOptionOfTheTracker) {
  PlayedEpisode episode = MadeEpisode();
  episode.encode.tracker = {
      .feedback = {.kf_max_dist = 99,
                   .tolerance = 0.125,
                   .late_risk = 3,
                   .offsets = {.alt_ref_log_coded = 0.1, .complexity = -0.5}},
      .stretch_frames = 77};
  const auto parsed = ParsePlayedEpisode(*SerializePlayedEpisode(episode));
  ASSERT_THAT(parsed, IsOk());
  EXPECT_TRUE(AreSame(*parsed, episode));
}

TEST(EpisodeCodecTest, KeepsStepsThatNobodySearched) {
  PlayedEpisode episode = MadeEpisode();
  episode.encode.steps[0].search_policy.clear();
  episode.encode.steps[3].search_policy.clear();
  const auto parsed = ParsePlayedEpisode(*SerializePlayedEpisode(episode));
  ASSERT_THAT(parsed, IsOk());
  EXPECT_TRUE(AreSame(*parsed, episode));
}

TEST(EpisodeCodecTest, KeepsWhichStepsAreExamples) {
  PlayedEpisode episode = MadeEpisode();
  episode.encode.steps[2].is_example = true;
  const auto parsed = ParsePlayedEpisode(*SerializePlayedEpisode(episode));
  ASSERT_THAT(parsed, IsOk());
  EXPECT_TRUE(parsed->encode.steps[2].is_example);
  EXPECT_FALSE(parsed->encode.steps[1].is_example);
}

TEST(EpisodeCodecTest, ReadsEpisodesThatAreOlderThanExamples) {
  proto::Episode message = Unpacked(*SerializePlayedEpisode(MadeEpisode()));
  message.mutable_steps()->clear_is_example();
  const auto parsed = ParsePacked(message);
  ASSERT_THAT(parsed, IsOk());
  EXPECT_FALSE(parsed->encode.steps[0].is_example);
}

TEST(EpisodeCodecTest, TakesAboutAsMuchRoomAsThePolicies) {
  const PlayedEpisode episode = MadeEpisode({.frames = 64});
  const size_t policies = episode.encode.steps.size() * kNumActions * 4;
  EXPECT_LT(SerializePlayedEpisode(episode)->size(), policies * 21 / 20);
}

struct BrokenEpisode {
  const char* text;  // Of the message.
  std::function<void(PlayedEpisode&)> change;
};

void ExpectRefused(const BrokenEpisode& broken) {
  SCOPED_TRACE(broken.text);
  PlayedEpisode episode = MadeEpisode();
  broken.change(episode);
  EXPECT_THAT(SerializePlayedEpisode(episode),
              HasStatus(kInvalid, broken.text));
}

TEST(EpisodeCodecTest, RefusesLabelsThatBreakLimits) {
  const BrokenEpisode kCases[] = {
      {"id has 0 bytes", [](PlayedEpisode& e) { e.id.clear(); }},
      {"id has 129 bytes", [](PlayedEpisode& e) { e.id.assign(129, 'x'); }},
      {"id is not UTF-8", [](PlayedEpisode& e) { e.id = "a\xff"; }},
      {"clip has 0 bytes", [](PlayedEpisode& e) { e.pair.clip.clear(); }},
      {"clip is not UTF-8",
       [](PlayedEpisode& e) { e.pair.clip = std::string("a\0b", 3); }},
      {"worker has 999 bytes",
       [](PlayedEpisode& e) { e.worker.assign(999, 'x'); }},
      {"SHA-256", [](PlayedEpisode& e) { e.first_pass = "abc"; }},
      {"target_bitrate_kbps is 0",
       [](PlayedEpisode& e) { e.pair.target_bitrate_kbps = 0; }},
      {"weights_version is -1",
       [](PlayedEpisode& e) { e.weights_version = -1; }},
  };
  for (const BrokenEpisode& broken : kCases) ExpectRefused(broken);
}

TEST(EpisodeCodecTest, RefusesNumbersOfTheEncodeThatBreakLimits) {
  const BrokenEpisode kCases[] = {
      {"quality is nan", [](PlayedEpisode& e) { e.outcome.quality = kNan; }},
      {"overshoot is -1", [](PlayedEpisode& e) { e.outcome.overshoot = -1; }},
      {"seconds is nan", [](PlayedEpisode& e) { e.seconds = kNan; }},
      {"width is 0", [](PlayedEpisode& e) { e.encode.sequence.width = 0; }},
      {"frame_rate is 0",
       [](PlayedEpisode& e) { e.encode.sequence.frame_rate = 0; }},
      {"num_frames is 0",
       [](PlayedEpisode& e) { e.encode.sequence.num_frames = 0; }},
      {"stretch of 0 frames",
       [](PlayedEpisode& e) { e.encode.tracker.stretch_frames = 0; }},
      {"feedback option is nan",
       [](PlayedEpisode& e) { e.encode.tracker.feedback.risk = kNan; }},
      {"bits_fraction is nan",
       [](PlayedEpisode& e) { e.encode.outcome.bits_fraction = kNan; }},
      {"mean_psnr_db is nan",
       [](PlayedEpisode& e) { e.encode.outcome.mean_psnr_db = kNan; }},
      {"steps is 0", [](PlayedEpisode& e) { e.encode.steps.clear(); }},
      {"steps is 65537",
       [](PlayedEpisode& e) { e.encode.steps.resize(kMaxEpisodeSteps + 1); }},
  };
  for (const BrokenEpisode& broken : kCases) ExpectRefused(broken);
}

TEST(EpisodeCodecTest, RefusesStepsThatBreakLimits) {
  const struct {
    const char* text;
    std::function<void(EncodeStep&)> change;
  } kCases[] = {
      {"step 2: coding_index is 3, wanted 2",
       [](EncodeStep& s) { s.frame.coding_index = 3; }},
      {"type is 9",
       [](EncodeStep& s) {
         s.frame.type = static_cast<encoder_bridge::FrameType>(9);
       }},
      {"show_index is 6", [](EncodeStep& s) { s.frame.show_index = 6; }},
      {"show_index is -1", [](EncodeStep& s) { s.frame.show_index = -1; }},
      {"gop_index is -1", [](EncodeStep& s) { s.frame.gop_index = -1; }},
      {"reference is 2",
       [](EncodeStep& s) { s.frame.reference_coding_indices[1] = 2; }},
      {"reference is -1",
       [](EncodeStep& s) { s.frame.reference_coding_indices[2] = -1; }},
      {"result's coding_index",
       [](EncodeStep& s) { s.result.coding_index = 1; }},
      {"q_index is 0", [](EncodeStep& s) { s.result.q_index = 0; }},
      {"q_index is 256", [](EncodeStep& s) { s.result.q_index = 256; }},
      {"bits is -1", [](EncodeStep& s) { s.result.bits = -1; }},
      {"sse is -1", [](EncodeStep& s) { s.result.sse = -1; }},
      {"pixel_count is 0", [](EncodeStep& s) { s.result.pixel_count = 0; }},
      {"root_value is nan", [](EncodeStep& s) { s.root_value = kFloatNan; }},
      {"search_policy is 100",
       [](EncodeStep& s) { s.search_policy.pop_back(); }},
      {"probability is nan",
       [](EncodeStep& s) { s.search_policy[7] = kFloatNan; }},
      {"probability is -", [](EncodeStep& s) { s.search_policy[7] = -0.5f; }},
      {"sum of search_policy",
       [](EncodeStep& s) { s.search_policy.assign(kNumActions, 0); }},
  };
  for (const auto& c : kCases) {
    ExpectRefused({c.text, [&c](PlayedEpisode& episode) {
                     c.change(episode.encode.steps[2]);
                   }});
  }
}

TEST(EpisodeCodecTest, RefusesAProtobufThatBreaksLimits) {
  const struct {
    const char* text;
    std::function<void(proto::Episode&)> change;
  } kCases[] = {
      {"differ in length",
       [](proto::Episode& e) { e.mutable_steps()->add_q_index(9); }},
      {"differ in length",
       [](proto::Episode& e) { e.mutable_steps()->add_search_policy(0); }},
      {"differ in length",
       [](proto::Episode& e) { e.mutable_steps()->add_is_example(true); }},
      {"differ in length",
       [](proto::Episode& e) {
         e.mutable_steps()->clear_reference_distance();
       }},
      {"q_index is 300",
       [](proto::Episode& e) { e.mutable_steps()->set_q_index(2, 300); }},
      {"reference is -1",
       [](proto::Episode& e) {
         e.mutable_steps()->set_reference_distance(6, 1 << 30);
       }},
      {"steps is 0", [](proto::Episode& e) { e.clear_steps(); }},
      {"width is 0", [](proto::Episode& e) { e.clear_sequence(); }},
      {"quality is inf",
       [](proto::Episode& e) {
         e.set_quality(std::numeric_limits<double>::infinity());
       }},
  };
  const proto::Episode whole = Unpacked(*SerializePlayedEpisode(MadeEpisode()));
  for (const auto& c : kCases) {
    proto::Episode message = whole;
    c.change(message);
    EXPECT_THAT(ParsePacked(message), HasStatus(kInvalid, c.text));
  }
}

TEST(EpisodeCodecTest, RefusesEveryBeginningOfAnEpisode) {
  const std::string bytes = *SerializePlayedEpisode(MadeEpisode());
  for (size_t size = 0; size < bytes.size(); size += 1 + size / 16) {
    EXPECT_THAT(ParsePlayedEpisode(bytes.substr(0, size)),
                HasStatus(kInvalid, ""))
        << size;
  }
}

TEST(EpisodeCodecTest, RefusesDamageAnywhere) {
  const std::string bytes = *SerializePlayedEpisode(MadeEpisode());
  for (size_t i = 0; i < bytes.size(); i += 1 + i / 16) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    const auto parsed = ParsePlayedEpisode(damaged);
    // A few bits of a zstd frame's header mean nothing.
    EXPECT_TRUE(!parsed.ok() || AreSame(*parsed, MadeEpisode())) << i;
  }
}

TEST(EpisodeCodecTest, SurvivesProtobufsOfAnyBytes) {
  const PlayedEpisode episode = MadeEpisode({.frames = 3});
  const std::string whole =
      UnpackBytes(kFormat, *SerializePlayedEpisode(episode)).value();
  std::mt19937_64 random(1);
  for (int i = 0; i < 300; ++i) {
    std::string bytes = whole;
    for (int k = 0; k < 3; ++k) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const auto parsed = ParsePlayedEpisode(PackBytes(kFormat, bytes).value());
    EXPECT_TRUE(!parsed.ok() || CheckPlayedEpisode(*parsed).ok()) << i;
  }
}

TEST(EpisodeCodecTest, RefusesAnotherFormat) {
  std::string bytes = *SerializePlayedEpisode(MadeEpisode());
  bytes[4] = 2;
  EXPECT_THAT(ParsePlayedEpisode(bytes), HasStatus(kInvalid, "version 2"));
  bytes[0] = 'x';
  EXPECT_THAT(ParsePlayedEpisode(bytes), HasStatus(kInvalid, "begin"));
}

TEST(EpisodeCodecTest, RefusesWhatWouldUnpackToTooMuch) {
  const std::string bomb =
      PackBytes(kFormat, std::string(kMaxEpisodeBytes + 1, '\0')).value();
  EXPECT_LT(bomb.size(), 20'000u);
  EXPECT_THAT(ParsePlayedEpisode(bomb), HasStatus(kInvalid, "at most"));
}

}  // namespace
}  // namespace selfplay
