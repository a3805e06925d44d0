/// Why a measurement is worth nothing.
struct BenchError: Error, CustomStringConvertible {
    let description: String
}
