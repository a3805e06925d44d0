import Secrets

extension MasterKey {
    /// The key whose bytes are `first`, `first + 1` and so on.
    static func counting(from first: UInt8 = 0) -> MasterKey {
        MasterKey(from: Randomness { count in (0..<count).map { first &+ UInt8(truncatingIfNeeded: $0) } })
    }
}
