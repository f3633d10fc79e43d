// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/sl_params.h"

#include "archive/zip_archive.h"
#include "formats/tflite.h"
#include "support/bytes.h"

#include "sl_params_generated.h"

#include <random>

namespace quantloupe::test {
namespace {

namespace params = fbs::params;

class DictionaryBuilder {
public:
    template <typename Table> DictionaryBuilder &add(const std::string &key, Table value)
    {
        auto entry = std::make_unique<params::EntryT>();
        entry->key = key;
        entry->value.Set(std::move(value));
        m_dictionary.entries.push_back(std::move(entry));
        return *this;
    }
    params::DictionaryT &dictionary() { return m_dictionary; }
    Bytes bytes(int version = 1)
    {
        m_dictionary.schema_version = static_cast<std::uint8_t>(version);
        flatbuffers::FlatBufferBuilder builder;
        builder.Finish(params::Dictionary::Pack(builder, &m_dictionary));
        const auto span = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
        return {span.begin(), span.end()};
    }

private:
    params::DictionaryT m_dictionary;
};

template <typename Table, typename T> Table with(T value)
{
    Table table;
    table.value = value;
    return table;
}
template <typename Table, typename T> Table withData(T data)
{
    Table table;
    table.data = std::move(data);
    return table;
}

DictionaryBuilder allTypes()
{
    DictionaryBuilder builder;
    builder.add("boolean", with<params::BoolValueT>(true)).add("i8", with<params::Int8ValueT>(std::int8_t{-3})).add("u8", with<params::UInt8ValueT>(std::uint8_t{200}));
    builder.add("i16", with<params::Int16ValueT>(std::int16_t{-300})).add("u16", with<params::UInt16ValueT>(std::uint16_t{16000}));
    builder.add("i32", with<params::Int32ValueT>(-70000)).add("u32", with<params::UInt32ValueT>(115584u));
    builder.add("i64", with<params::Int64ValueT>(std::int64_t{-5'000'000'000})).add("u64", with<params::UInt64ValueT>(std::uint64_t{5'000'000'000}));
    builder.add("f32", with<params::FloatValueT>(0.95f)).add("f64", with<params::DoubleValueT>(-1.5));
    builder.add("str", withData<params::StringValueT>(std::string("spoken_digits"))).add("str_list", withData<params::StringListT>(std::vector<std::string>{"yes", "no"}));
    builder.add("int32_list", withData<params::Int32ListT>(std::vector<std::int32_t>{1, -2})).add("float_list", withData<params::FloatListT>(std::vector<float>{0.5f, 0.1f}));
    builder.add("bin", withData<params::BinaryValueT>(std::vector<std::uint8_t>{1, 2, 3}));
    return builder;
}

std::string textOf(const std::vector<Parameter> &parameters)
{
    std::string text;
    for (const Parameter &parameter : parameters)
        text += parameter.name + " (" + parameter.type + "): " + parameter.text() + "\n";
    return text;
}

TEST(SlParams, everyTypeOfTheUnionIsRead)
{
    const auto parameters = readSlParams(allTypes().bytes());
    ASSERT_TRUE(parameters) << parameters.error().message();
    EXPECT_EQ(textOf(*parameters), "boolean (boolean): true\ni8 (i8): -3\nu8 (u8): 200\ni16 (i16): -300\nu16 (u16): 16000\ni32 (i32): -70000\nu32 (u32): 115584\n"
                                   "i64 (i64): -5000000000\nu64 (u64): 5000000000\nf32 (f32): 0.95\nf64 (f64): -1.5\nstr (str): spoken_digits\n"
                                   "str_list (str_list): [yes, no]\nint32_list (int32_list): [1, -2]\nfloat_list (float_list): [0.5, 0.1]\nbin (bin): 3 bytes\n");
}

TEST(SlParams, valuesThatAreLeftOutAreTheDefault)
{
    DictionaryBuilder builder;
    builder.add("a", params::BoolValueT{}).add("b", params::DoubleValueT{}).add("c", params::StringListT{});
    const auto parameters = readSlParams(builder.bytes());
    ASSERT_TRUE(parameters) << parameters.error().message();
    EXPECT_EQ(textOf(*parameters), "a (boolean): false\nb (f64): 0\nc (str_list): []\n");
}

TEST(SlParams, aWholeNumberBeyondInt64BecomesReal)
{
    DictionaryBuilder builder;
    builder.add("a", with<params::UInt64ValueT>(~std::uint64_t{0}));
    EXPECT_DOUBLE_EQ(std::get<double>(readSlParams(builder.bytes())->front().value), 18446744073709551615.0);
}

TEST(SlParams, anotherVersionIsRefused)
{
    const auto parameters = readSlParams(allTypes().bytes(2));
    ASSERT_FALSE(parameters);
    EXPECT_EQ(parameters.error().message(), "the SL_PARAMSv1 parameters are damaged: expected schema_version 1, got 2");
}

TEST(SlParams, anEntryWithoutAValueIsRefused)
{
    DictionaryBuilder builder = allTypes();
    builder.dictionary().entries[3]->value.Reset();
    const auto parameters = readSlParams(builder.bytes());
    ASSERT_FALSE(parameters);
    EXPECT_EQ(parameters.error().message(), "the SL_PARAMSv1 parameters are damaged at entry 3: expected a key and a value, got no value");
}

TEST(SlParams, anEmptyBufferIsRefused)
{
    EXPECT_FALSE(readSlParams({}));
}

TEST(SlParams, brokenBytesNeverCrash)
{
    const Bytes whole = allTypes().bytes();
    for (std::size_t size = 0; size < whole.size(); ++size)
        (void)readSlParams(std::span(whole).first(size));
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        Bytes mutant = whole;
        mutant[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
        (void)readSlParams(mutant);
    }
    std::mt19937 random(11);
    for (int i = 0; i < 20000; ++i) {
        Bytes mutant = whole;
        for (int changes = 0; changes < 3; ++changes)
            mutant[random() % mutant.size()] = static_cast<std::byte>(random());
        (void)readSlParams(mutant);
    }
}

/// Parameters of a shared archive's quantized model, as text.
std::string parametersOf(const std::string &name)
{
    const auto archive = ZipArchive::open(sharedArchive(name + ".mltk.zip"));
    const auto bytes = archive ? archive->read(name + ".tflite") : Result<SharedBytes>(tl::unexpect, archive.error());
    const auto model = bytes ? readTflite(*bytes, name) : Result<std::shared_ptr<const Model>>(tl::unexpect, bytes.error());
    EXPECT_TRUE(model);
    const auto parameters = readSlParams((*model)->metadata.at("SL_PARAMSv1").bytes);
    EXPECT_TRUE(parameters) << (parameters ? "" : parameters.error().message());
    return parameters ? textOf(*parameters) : "";
}

/// Held against what the archive's own .py and summary say of the same model.
TEST(SlParams, parametersOfARealArchiveAreWhatItsScriptSays)
{
    QL_SKIP_WITHOUT_ARCHIVE("audio_example1.mltk.zip");
    EXPECT_EQ(parametersOf("audio_example1"),
              "name (str): audio_example1\n"
              "version (u8): 1\n"
              "classes (str_list): [up, down, left, right, _unknown_, _silence_]\n"
              "hash (str): b3d87c6164f4af214d742dd36ca9e9b8\n"
              "date (str): 2022-04-13T18:10:48.159Z\n"
              "runtime_memory_size (u16): 12324\n"
              "average_window_duration_ms (u16): 1000\n"
              "detection_threshold (u8): 165\n"
              "suppression_ms (u16): 750\n"
              "minimum_count (u8): 3\n"
              "volume_gain (u8): 2\n"
              "latency_ms (u8): 100\n"
              "verbose_model_output_logs (boolean): false\n"
              "samplewise_norm.rescale (f64): 0\n"
              "samplewise_norm.mean_and_std (boolean): false\n"
              "fe.sample_rate_hz (u16): 16000\n"
              "fe.sample_length_ms (u16): 1200\n"
              "fe.window_size_ms (u8): 30\n"
              "fe.window_step_ms (u8): 20\n"
              "fe.filterbank_n_channels (u8): 49\n"
              "fe.filterbank_upper_band_limit (f32): 3999\n"
              "fe.filterbank_lower_band_limit (f32): 125\n"
              "fe.noise_reduction_enable (boolean): true\n"
              "fe.noise_reduction_smoothing_bits (u8): 10\n"
              "fe.noise_reduction_even_smoothing (f32): 0.025\n"
              "fe.noise_reduction_odd_smoothing (f32): 0.06\n"
              "fe.noise_reduction_min_signal_remaining (f32): 0.03\n"
              "fe.pcan_enable (boolean): false\n"
              "fe.pcan_strength (f32): 0.95\n"
              "fe.pcan_offset (f32): 80\n"
              "fe.pcan_gain_bits (u8): 21\n"
              "fe.log_scale_enable (boolean): true\n"
              "fe.log_scale_shift (u8): 6\n"
              "fe.fft_length (u16): 512\n");
}

TEST(SlParams, everySharedArchiveHasReadableParameters)
{
    QL_SKIP_WITHOUT_ARCHIVE("audio_example1.mltk.zip");
    for (const char *name : {"anomaly_detection", "audio_example1", "autoencoder_example", "image_example1", "keyword_spotting", "keyword_spotting_alexa",
                             "keyword_spotting_with_transfer_learning", "rock_paper_scissors", "spoken_digits", "spoken_digits_cell", "spoken_digits_plain", "tflite_micro_speech"})
        EXPECT_NE(parametersOf(name).find("name (str): "), std::string::npos) << name;
}

} // namespace
} // namespace quantloupe::test
