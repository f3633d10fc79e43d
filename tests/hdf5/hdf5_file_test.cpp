// SPDX-License-Identifier: GPL-3.0-or-later
#include "hdf5/hdf5_file.h"

#include "base/half.h"
#include "support/hdf5_builder.h"
#include "support/temporary_folder.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <thread>

namespace quantloupe::test {
namespace {

template <typename T> std::vector<T> elementsOf(const Hdf5File &file, const std::string &path)
{
    const auto array = file.arrayAt(path);
    EXPECT_TRUE(array) << array.error().message();
    if (!array)
        return {};
    std::vector<T> values((*array)->elements.size() / sizeof(T));
    std::memcpy(values.data(), (*array)->elements.data(), values.size() * sizeof(T));
    return values;
}

Hdf5File reading(const Bytes &bytes, const Hdf5Request &request = {})
{
    auto file = readHdf5(bytes, "a.h5", request);
    EXPECT_TRUE(file) << file.error().message();
    return file ? std::move(*file) : Hdf5File();
}

std::string refusal(const Bytes &bytes, const Hdf5Request &request = {})
{
    const auto file = readHdf5(bytes, "a.h5", request);
    EXPECT_FALSE(file);
    if (file)
        return {};
    EXPECT_EQ(file.error().exitCode(), ExitCode::BadInput);
    return file.error().message();
}

Bytes smallFile()
{
    Hdf5Builder builder;
    builder.floats("/g/a", {2, 2}, {1, 2, 3, 4});
    builder.text("/g", "name", "value");
    return builder.bytes();
}

std::size_t openDescriptors()
{
    std::size_t count = 0;
    DIR *folder = ::opendir("/proc/self/fd");
    while (::readdir(folder))
        ++count;
    ::closedir(folder);
    return count;
}

/// Other than the worker's own child there is none in a test program.
void expectNoChildLeft()
{
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

class OtherWorker {
public:
    explicit OtherWorker(const std::filesystem::path &program) { ::setenv("QUANTLOUPE_H5", program.c_str(), 1); }
    ~OtherWorker() { ::unsetenv("QUANTLOUPE_H5"); }
};

} // namespace

TEST(Hdf5File, numbersOfEveryTypeAndOrderAreReadAsThisMachines)
{
    Hdf5Builder builder;
    const std::vector<double> values{-3, 0, 1, 100};
    const std::vector<double> counts{0, 1, 2, 200};
    builder.array("/f32be", {4}, values, H5T_NATIVE_DOUBLE, H5T_IEEE_F32BE);
    builder.array("/f64le", {4}, values, H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE);
    builder.array("/i8", {4}, values, H5T_NATIVE_DOUBLE, H5T_STD_I8LE);
    builder.array("/u8", {4}, counts, H5T_NATIVE_DOUBLE, H5T_STD_U8LE);
    builder.array("/i16be", {2, 2}, values, H5T_NATIVE_DOUBLE, H5T_STD_I16BE);
    builder.array("/u16", {4}, counts, H5T_NATIVE_DOUBLE, H5T_STD_U16LE);
    builder.array("/i32be", {4}, values, H5T_NATIVE_DOUBLE, H5T_STD_I32BE);
    builder.array("/u32", {4}, counts, H5T_NATIVE_DOUBLE, H5T_STD_U32LE);
    builder.array("/i64", {4}, values, H5T_NATIVE_DOUBLE, H5T_STD_I64LE);
    builder.array("/u64be", {4}, counts, H5T_NATIVE_DOUBLE, H5T_STD_U64BE);
    builder.array("/scalar", {}, std::vector<double>{7}, H5T_NATIVE_DOUBLE, H5T_IEEE_F32LE);
    const Hdf5File file = reading(builder.bytes());
    EXPECT_EQ(elementsOf<float>(file, "/f32be"), (std::vector<float>{-3, 0, 1, 100}));
    EXPECT_EQ(elementsOf<double>(file, "/f64le"), values);
    EXPECT_EQ(elementsOf<std::int8_t>(file, "/i8"), (std::vector<std::int8_t>{-3, 0, 1, 100}));
    EXPECT_EQ(elementsOf<std::uint8_t>(file, "/u8"), (std::vector<std::uint8_t>{0, 1, 2, 200}));
    EXPECT_EQ(elementsOf<std::int16_t>(file, "/i16be"), (std::vector<std::int16_t>{-3, 0, 1, 100}));
    EXPECT_EQ(elementsOf<std::uint16_t>(file, "/u16"), (std::vector<std::uint16_t>{0, 1, 2, 200}));
    EXPECT_EQ(elementsOf<std::int32_t>(file, "/i32be"), (std::vector<std::int32_t>{-3, 0, 1, 100}));
    EXPECT_EQ(elementsOf<std::uint32_t>(file, "/u32"), (std::vector<std::uint32_t>{0, 1, 2, 200}));
    EXPECT_EQ(elementsOf<std::int64_t>(file, "/i64"), (std::vector<std::int64_t>{-3, 0, 1, 100}));
    EXPECT_EQ(elementsOf<std::uint64_t>(file, "/u64be"), (std::vector<std::uint64_t>{0, 1, 2, 200}));
    EXPECT_EQ(elementsOf<float>(file, "/scalar"), std::vector<float>{7});
    EXPECT_EQ(file.arrays.at("/i16be").shape, (std::vector<std::uint64_t>{2, 2}));
    EXPECT_EQ(file.arrays.at("/i16be").type, DataType::Int16);
    EXPECT_EQ(file.arrays.at("/scalar").shapeText(), "scalar");
}

TEST(Hdf5File, halfFloatsOfBothOrdersAreRead)
{
    Hdf5Builder builder;
    for (const auto &[path, order] : {std::pair("/le", H5T_IEEE_F32LE), std::pair("/be", H5T_IEEE_F32BE)}) {
        const hid_t half = H5Tcopy(order);
        H5Tset_fields(half, 15, 10, 5, 0, 10);
        H5Tset_size(half, 2);
        H5Tset_ebias(half, 15);
        builder.array(path, {3}, std::vector<float>{-2.5f, 0.0f, 65504.0f}, H5T_NATIVE_FLOAT, half);
        H5Tclose(half);
    }
    const Hdf5File file = reading(builder.bytes());
    for (const char *path : {"/le", "/be"}) {
        EXPECT_EQ(file.arrays.at(path).type, DataType::Float16);
        EXPECT_EQ(elementsOf<std::uint16_t>(file, path), (std::vector<std::uint16_t>{floatToHalf(-2.5f), floatToHalf(0.0f), floatToHalf(65504.0f)})) << path;
    }
}

TEST(Hdf5File, theBoolOfH5pyIsRead)
{
    Hdf5Builder builder;
    const hid_t type = H5Tenum_create(H5T_STD_I8LE);
    std::int8_t value = 0;
    H5Tenum_insert(type, "FALSE", &value);
    value = 1;
    H5Tenum_insert(type, "TRUE", &value);
    builder.array("/b", {3}, std::vector<std::int8_t>{1, 0, 1}, type, type);
    H5Tclose(type);
    const Hdf5File file = reading(builder.bytes());
    EXPECT_EQ(file.arrays.at("/b").type, DataType::Bool);
    EXPECT_EQ(elementsOf<std::int8_t>(file, "/b"), (std::vector<std::int8_t>{1, 0, 1}));
}

TEST(Hdf5File, chunkedShuffledAndPackedArraysAreReadWhole)
{
    std::vector<std::int32_t> values(35 * 11);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<std::int32_t>(i * i);
    Hdf5Builder builder;
    builder.array("/chunked", {35, 11}, values, H5T_NATIVE_INT32, H5T_STD_I32LE, {.chunk = {8, 4}});
    builder.array("/packed", {35, 11}, values, H5T_NATIVE_INT32, H5T_STD_I32BE, {.chunk = {10, 11}, .isShuffled = true, .gzip = 6});
    const Hdf5File file = reading(builder.bytes());
    EXPECT_EQ(elementsOf<std::int32_t>(file, "/chunked"), values);
    EXPECT_EQ(elementsOf<std::int32_t>(file, "/packed"), values);
}

TEST(Hdf5File, textsOfAttributesAreReadHoweverTheyAreStored)
{
    Hdf5Builder builder;
    builder.group("/g");
    builder.text("/", "one", std::string(100'000, 'x'));
    builder.texts("/g", "many", {"a", "", "\xc3\xa9"});
    builder.fixedTexts("/g", "fixed", {"kernel:0", "b"});
    builder.texts("/g", "none", {});
    const hid_t space = H5Screate(H5S_SCALAR);
    H5Aclose(H5Acreate_by_name(builder.file(), "/g", "number", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    const Hdf5File file = reading(builder.bytes());
    ASSERT_TRUE(file.attribute("/", "one"));
    EXPECT_EQ(file.attribute("/", "one")->front().size(), 100'000u);
    EXPECT_EQ(*file.attribute("/g", "many"), (std::vector<std::string>{"a", "", "\xc3\xa9"}));
    EXPECT_EQ(*file.attribute("/g", "fixed"), (std::vector<std::string>{"kernel:0", "b"}));
    EXPECT_TRUE(file.attribute("/g", "none") && file.attribute("/g", "none")->empty());
    EXPECT_TRUE(file.attribute("/g", "number") && file.attribute("/g", "number")->empty());
    EXPECT_FALSE(file.attribute("/g", "other"));
    EXPECT_FALSE(file.attribute("/h", "many"));
}

TEST(Hdf5File, onlyWhatIsAskedForIsRead)
{
    Hdf5Builder builder;
    builder.floats("/x", {2}, {1, 2});
    builder.floats("/y", {2}, {3, 4});
    builder.floats("/optimizer/m", {2}, {5, 6});
    const Bytes bytes = builder.bytes();
    const Hdf5File listing = reading(bytes, {.hasElements = false});
    EXPECT_EQ(listing.arrays.size(), 3u);
    EXPECT_EQ(listing.arrays.at("/x").elements.size(), 0u);
    EXPECT_EQ(listing.arrays.at("/x").shape, std::vector<std::uint64_t>{2});
    const Hdf5File one = reading(bytes, {.only = {"/y"}, .without = {"optimizer"}});
    EXPECT_EQ(one.arrays.size(), 2u);
    EXPECT_EQ(one.arrays.at("/x").elements.size(), 0u);
    EXPECT_EQ(elementsOf<float>(one, "/y"), (std::vector<float>{3, 4}));
    EXPECT_FALSE(one.groups.contains("/optimizer"));
}

TEST(Hdf5File, whatIsNoNumberIsListedWithoutElements)
{
    Hdf5Builder builder;
    const hid_t compound = H5Tcreate(H5T_COMPOUND, 8);
    H5Tinsert(compound, "a", 0, H5T_NATIVE_INT32);
    builder.emptyArray("/compound", {2}, compound, builder.properties({}));
    H5Tclose(compound);
    const hid_t odd = H5Tcopy(H5T_STD_I32LE);
    H5Tset_precision(odd, 17);
    builder.emptyArray("/odd", {2}, odd, builder.properties({}));
    H5Tclose(odd);
    const Hdf5File file = reading(builder.bytes());
    EXPECT_FALSE(file.arrays.at("/compound").type);
    EXPECT_EQ(file.arrays.at("/compound").typeText, "a compound");
    EXPECT_FALSE(file.arrays.at("/odd").type);
}

TEST(Hdf5File, externalStorageIsRefusedAndTheOtherFileNotRead)
{
    TemporaryFolder folder;
    writeFile(folder / "secret", "0123456789abcdef");
    Hdf5Builder builder;
    const hid_t properties = builder.properties({});
    H5Pset_external(properties, (folder / "secret").c_str(), 0, 16);
    builder.emptyArray("/g/leak", {16}, H5T_STD_U8LE, properties);
    EXPECT_EQ(refusal(builder.bytes()), "a.h5: the file cannot be read at /g/leak: expected elements in the file itself, got external storage");
}

TEST(Hdf5File, aVirtualDatasetIsRefused)
{
    Hdf5Builder builder;
    const hsize_t size = 4;
    const hid_t space = H5Screate_simple(1, &size, nullptr);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_virtual(properties, space, "other.h5", "/x", space);
    H5Sclose(space);
    builder.emptyArray("/v", {4}, H5T_IEEE_F32LE, properties);
    EXPECT_EQ(refusal(builder.bytes()), "a.h5: the file cannot be read at /v: expected elements in the file itself, got a virtual dataset");
}

TEST(Hdf5File, linksAreNotFollowedButNamed)
{
    Hdf5Builder builder;
    builder.floats("/real", {1}, {1});
    H5Lcreate_soft("/real", builder.file(), "/soft", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("/etc/hostname", "/", builder.file(), "/external", H5P_DEFAULT, H5P_DEFAULT);
    const Hdf5File file = reading(builder.bytes());
    EXPECT_EQ(file.arrays.size(), 1u);
    EXPECT_EQ(file.links, (std::set<std::string, std::less<>>{"/external", "/soft"}));
    EXPECT_EQ(file.arrayAt("/soft").error().message(), "a.h5: the file cannot be read at /soft: expected the array itself, got a link, which is not followed");
    EXPECT_EQ(file.arrayAt("/external/a/b").error().message(), "a.h5: the file cannot be read at /external/a/b: expected the array itself, got a link, which is not followed");
    EXPECT_EQ(file.arrayAt("/none").error().message(), "a.h5: the model file is damaged at /none: expected an array, got nothing there");
}

TEST(Hdf5File, groupsThatLeadBackIntoThemselvesEnd)
{
    Hdf5Builder builder;
    builder.floats("/a/b/x", {1}, {1});
    H5Lcreate_hard(builder.file(), "/a", builder.file(), "/a/b/again", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_hard(builder.file(), "/", builder.file(), "/a/root", H5P_DEFAULT, H5P_DEFAULT);
    const Hdf5File file = reading(builder.bytes());
    EXPECT_EQ(file.groups.size(), 3u);
    EXPECT_EQ(file.arrays.size(), 1u);
}

TEST(Hdf5File, anArrayLinkedManyTimesDoesNotPassTheLimit)
{
    Hdf5Builder builder;
    builder.emptyArray("/x", {2'000'000}, H5T_IEEE_F32LE, builder.properties({.chunk = {1000}}));
    for (int i = 0; i < 50; ++i)
        H5Lcreate_hard(builder.file(), "/x", builder.file(), fmt::format("/x{}", i).c_str(), H5P_DEFAULT, H5P_DEFAULT);
    EXPECT_NE(refusal(builder.bytes()).find("bytes of elements from a file of"), std::string::npos);
}

TEST(Hdf5File, sizesThatTheFileCannotHoldAreRefused)
{
    for (const std::vector<hsize_t> &shape : {std::vector<hsize_t>{1ull << 40}, {1ull << 31, 1ull << 31, 1ull << 31}, {100'000'000}}) {
        Hdf5Builder builder;
        builder.emptyArray("/huge", shape, H5T_IEEE_F32LE, builder.properties({.chunk = std::vector<hsize_t>(shape.size(), 8)}));
        const std::string message = refusal(builder.bytes());
        EXPECT_NE(message.find("at /huge: expected at most"), std::string::npos) << message;
    }
}

TEST(Hdf5File, groupsInGroupsInGroupsAreRefused)
{
    Hdf5Builder builder;
    std::string path;
    for (int i = 0; i < 100; ++i)
        path += "/g";
    builder.group(path);
    EXPECT_NE(refusal(builder.bytes()).find("expected groups no deeper than 64"), std::string::npos);
}

TEST(Hdf5File, otherFiltersAreRefused)
{
    Hdf5Builder builder;
    const hid_t properties = builder.properties({.chunk = {4}});
    H5Pset_nbit(properties);
    builder.emptyArray("/n", {8}, H5T_STD_I32LE, properties);
    EXPECT_NE(refusal(builder.bytes()).find("at /n: expected gzip, shuffle or fletcher32, got filter"), std::string::npos);
}

TEST(Hdf5File, aNameWithASlashIsNoPath)
{
    Hdf5Builder builder;
    builder.group("/aXb");
    Bytes bytes = builder.bytes();
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    const std::size_t at = text.find("aXb");
    ASSERT_NE(at, text.npos);
    bytes[at + 1] = std::byte{'/'};
    EXPECT_EQ(refusal(bytes), "a.h5: the file cannot be read at /: expected names without a slash, got \"a/b\"");
}

TEST(Hdf5File, everyTruncationIsAnError)
{
    const Bytes whole = smallFile();
    for (std::size_t size = 0; size < whole.size(); size += 61) {
        const auto file = readHdf5(std::span(whole).first(size), "a.h5");
        ASSERT_FALSE(file) << size;
        EXPECT_EQ(file.error().exitCode(), ExitCode::BadInput);
        EXPECT_TRUE(file.error().message().starts_with("a.h5: "));
    }
    expectNoChildLeft();
}

TEST(Hdf5File, isKnownByItsSignatureAlsoBehindAUserBlock)
{
    const Bytes bytes = smallFile();
    EXPECT_TRUE(looksLikeHdf5(bytes));
    Bytes behind(2048);
    EXPECT_FALSE(looksLikeHdf5(behind));
    behind.insert(behind.end(), bytes.begin(), bytes.end());
    EXPECT_TRUE(looksLikeHdf5(behind));
    EXPECT_FALSE(looksLikeHdf5(toBytes("\x89HDF")));
    EXPECT_FALSE(looksLikeHdf5({}));
}

TEST(Hdf5Worker, manyThreadsMayReadAtOnceAndNothingIsLeftOpen)
{
    const Bytes bytes = smallFile();
    const std::size_t before = openDescriptors();
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 5; ++n)
                EXPECT_EQ(elementsOf<float>(reading(bytes), "/g/a"), (std::vector<float>{1, 2, 3, 4}));
        });
    threads.clear();
    EXPECT_EQ(openDescriptors(), before);
    expectNoChildLeft();
}

TEST(Hdf5Worker, aWorkerThatIsNotThereIsAnError)
{
    const OtherWorker worker("/nonexistent/quantloupe-h5");
    EXPECT_EQ(refusal(smallFile()), "a.h5: the file cannot be read: expected the program /nonexistent/quantloupe-h5 that reads HDF5, got No such file or directory");
}

TEST(Hdf5Worker, aCrashHangOrNonsenseIsAnErrorAndTheProgramLives)
{
    TemporaryFolder folder;
    const auto script = [&](const char *name, std::string_view text) {
        writeFile(folder / name, "#!/bin/sh\n" + std::string(text));
        std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
        return folder / name;
    };
    Bytes large = smallFile();
    large.resize(8 << 20); // more than a socket holds
    const auto messageOf = [&](const std::filesystem::path &program) {
        const OtherWorker worker(program);
        const std::string message = refusal(large, {.timeout = std::chrono::milliseconds(3000)});
        expectNoChildLeft();
        return message;
    };
    const std::string start = "a.h5: the model file is damaged: damaged or unsafe: the process that reads it ";
    EXPECT_EQ(messageOf(script("segv", "kill -SEGV $$")), start + "crashed (SIGSEGV)");
    EXPECT_EQ(messageOf(script("late", "cat >/dev/null & sleep 0; kill -ABRT $$")), start + "crashed (SIGABRT)");
    EXPECT_EQ(messageOf(script("cpu", "kill -XCPU $$")), start + "used up its time");
    EXPECT_EQ(messageOf(script("exit", "exit 7")), start + "ended with 7");
    EXPECT_EQ(messageOf(script("open", "exit 3")), start + "cannot shut itself in: the system has no seccomp filters");
    EXPECT_EQ(messageOf(script("hang", "exec sleep 60")), start + "did not end in time");
    EXPECT_EQ(messageOf(script("echo", "head -c 8388608 >/dev/null; head -c 4096 /dev/zero; exec sleep 60")), start + "talks nonsense");
}

} // namespace quantloupe::test
