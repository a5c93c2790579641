# One plain program for each bench_<stem>.cpp below benchmarks; each says in its own head what it measures.
file(GLOB_RECURSE benchmark_sources CONFIGURE_DEPENDS benchmarks/bench_*.cpp)
foreach(source IN LISTS benchmark_sources)
  cmake_path(GET source STEM target)
  add_executable(${target} ${source})
  target_include_directories(${target} PRIVATE src)
  target_link_libraries(${target} PRIVATE cuadre::core cuadre_flags)
endforeach()
