project_test(
  feedback_controller_test
  LABEL unit
  SOURCES bit_plan_test.cc
          chunk_division_test.cc
          chunk_shares_test.cc
          clip_costs_test.cc
          clip_plan_test.cc
          cost_correction_test.cc
          feedback_controller_test.cc
          key_frames_test.cc
          quantizer_step_test.cc
          rate_model_test.cc
          scene_cuts_test.cc
          simulated_encoder.cc
          step_offsets_test.cc
          ten_bit_controller_test.cc
  LIBS encoder_bridge)

project_test(
  feedback_controller_codec_test
  LABEL codec
  SOURCES feedback_controller_codec_test.cc
  LIBS encoder_bridge synthetic_clip)

# What the encoders of a clip's chunks share.
project_test(
  chunk_threads_test
  LABEL unit threads
  SOURCES chunk_ledger_test.cc lane_controller_test.cc simulated_encoder.cc
  LIBS encoder_bridge)

project_test(
  chunked_pass_test
  LABEL codec threads
  SOURCES chunk_source_test.cc chunked_pass_test.cc first_pass_packets_test.cc
          read_ahead_test.cc
  LIBS encoder_bridge synthetic_clip)
