// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npy_header.h"

#include "support/npy_builder.h"

#include <fmt/format.h>

namespace quantloupe::test {
namespace {

Result<NpyHeader> read(const Bytes &bytes)
{
    return readNpyHeader(bytes, bytes.size());
}

ErrorCode refusal(const std::string &dictionary)
{
    const auto header = read(npyWithHeader(dictionary, Bytes(8)));
    EXPECT_FALSE(header) << dictionary;
    return header ? ErrorCode::Cancelled : header.error().code;
}

TEST(NpyHeader, aHeaderAsNumpyWritesItIsRead)
{
    const auto header = read(npyOf("<f4", "(2, 3)", Bytes(24)));
    ASSERT_TRUE(header) << header.error().message();
    EXPECT_EQ(header->type, DataType::Float32);
    EXPECT_EQ(header->shape, (std::vector<std::uint64_t>{2, 3}));
    EXPECT_FALSE(header->isFortranOrder);
    EXPECT_FALSE(header->isBigEndian);
}

TEST(NpyHeader, versionsTwoAndThreeHaveALongerLength)
{
    for (const char version : {'\2', '\3'}) {
        const auto header = read(npyWithHeader("{'descr': '>i2', 'fortran_order': True, 'shape': (4,), }", Bytes(8), version));
        ASSERT_TRUE(header) << header.error().message();
        EXPECT_TRUE(header->isBigEndian);
        EXPECT_TRUE(header->isFortranOrder);
    }
}

TEST(NpyHeader, keysMayStandInAnyOrderAndWithoutATrailingComma)
{
    const auto header = read(npyWithHeader("{ \"shape\":(8L,),'fortran_order':False,'descr':'|u1'}  ", Bytes(8)));
    ASSERT_TRUE(header) << header.error().message();
    EXPECT_EQ(header->shape, (std::vector<std::uint64_t>{8}));
}

TEST(NpyHeader, aScalarHasNoAxes)
{
    const auto header = read(npyOf("<f8", "()", Bytes(8)));
    ASSERT_TRUE(header) << header.error().message();
    EXPECT_EQ(header->elementCount(), 1u);
    EXPECT_EQ(header->shapeText(), "scalar");
}

TEST(NpyHeader, everyTypeOfNumberIsKnown)
{
    for (const auto &[descr, size] : std::vector<std::pair<std::string, std::size_t>>{{"|b1", 1}, {"|i1", 1}, {"<i2", 2}, {"<i4", 4}, {"<i8", 8}, {"|u1", 1},
                                                                                      {"<u2", 2}, {"<u4", 4}, {"<u8", 8}, {"<f2", 2}, {"=f4", 4}, {"f8", 8}})
        EXPECT_TRUE(read(npyOf(descr, "(3,)", Bytes(3 * size)))) << descr;
}

TEST(NpyHeader, objectArraysAreNeverLoaded)
{
    EXPECT_EQ(refusal("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), ErrorCode::DatasetPickled);
    EXPECT_EQ(refusal("{'descr': 'O', 'fortran_order': False, 'shape': (1,), }"), ErrorCode::DatasetPickled);
}

TEST(NpyHeader, structuredArraysAndTextsAreRefused)
{
    EXPECT_EQ(refusal("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }"), ErrorCode::DatasetUnsupported);
    EXPECT_EQ(refusal("{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }"), ErrorCode::DatasetUnsupported);
    EXPECT_EQ(refusal("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }"), ErrorCode::DatasetUnsupported);
    EXPECT_EQ(refusal("{'descr': '<M8[s]', 'fortran_order': False, 'shape': (1,), }"), ErrorCode::DatasetUnsupported);
}

TEST(NpyHeader, whatIsNoDictionaryOfThatKindIsRefused)
{
    for (const char *text : {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': 2}", "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
                             "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3), }",
                             "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,), }", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
                             "{'descr': '<\\x664', 'fortran_order': False, 'shape': (2,), }", "{'descr': '<f4"})
        EXPECT_EQ(refusal(text), ErrorCode::DatasetDamaged) << text;
}

TEST(NpyHeader, aHugeShapeIsRefusedBeforeAnythingIsAllocated)
{
    EXPECT_EQ(refusal("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296,), }"), ErrorCode::DatasetDamaged);
    EXPECT_EQ(refusal("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296), }"), ErrorCode::DatasetDamaged);
    EXPECT_EQ(refusal("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }"), ErrorCode::DatasetDamaged);
}

TEST(NpyHeader, aTruncatedOrContinuedFileIsRefused)
{
    const Bytes whole = npyOf("<f4", "(2, 3)", Bytes(24));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(readNpyHeader(std::span(whole).first(size), size)) << size;
    EXPECT_FALSE(readNpyHeader(whole, whole.size() + 4));
}

TEST(NpyHeader, unknownVersionsAreRefused)
{
    EXPECT_EQ(read(npyWithHeader("{}", {}, 4)).error().code, ErrorCode::DatasetUnsupported);
}

TEST(NpyHeader, whatIsWrittenIsReadAgain)
{
    const std::vector<std::vector<std::uint64_t>> shapes{{}, {5}, {100, 98, 1, 40}};
    for (const auto &shape : shapes) {
        const auto text = npyHeaderText(DataType::Int8, shape);
        ASSERT_TRUE(text);
        EXPECT_EQ(text->size() % 64, 0u);
        std::uint64_t count = 1;
        for (const auto axis : shape)
            count *= axis;
        const auto header = readNpyHeader(bytesOf(*text), text->size() + count);
        ASSERT_TRUE(header) << header.error().message();
        EXPECT_EQ(header->shape, shape);
        EXPECT_EQ(header->type, DataType::Int8);
        EXPECT_EQ(header->dataOffset, text->size());
    }
    EXPECT_FALSE(npyHeaderText(DataType::String, {}));
}

} // namespace
} // namespace quantloupe::test
