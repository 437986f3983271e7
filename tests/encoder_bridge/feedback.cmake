project_test(
  feedback_controller_test
  LABEL unit
  SOURCES bit_plan_test.cc
          clip_plan_test.cc
          cost_correction_test.cc
          feedback_controller_test.cc
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
