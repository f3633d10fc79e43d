# add_flatbuffer_schema(TARGET schema.fbs...)
#
# Generates <schema>_generated.h (with the object API, which tests build broken files with) and <schema>_bfbs_generated.h
# (the schema itself, for reflection) into ${PROJECT_BINARY_DIR}/generated/fbs. They are included as system headers, since
# generated code does not keep to our warnings.
function(add_flatbuffer_schema target)
    set(folder ${PROJECT_BINARY_DIR}/generated/fbs)
    foreach(schema IN LISTS ARGN)
        cmake_path(GET schema STEM name)
        set(headers ${folder}/${name}_generated.h ${folder}/${name}_bfbs_generated.h)
        add_custom_command(OUTPUT ${headers}
            COMMAND ${FLATC} --cpp --cpp-std c++17 --scoped-enums --gen-object-api --bfbs-gen-embed -o ${folder} ${CMAKE_CURRENT_SOURCE_DIR}/${schema}
            DEPENDS ${schema} COMMENT "Generating ${name}_generated.h" VERBATIM)
        target_sources(${target} PRIVATE ${headers})
    endforeach()
    target_include_directories(${target} SYSTEM PUBLIC ${folder})
endfunction()
