/// Numbers that are the same in each run (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func one(of words: [String]) -> String { words.randomElement(using: &self) ?? "" }

    mutating func isLucky(_ part: Int, of whole: Int) -> Bool { Int.random(in: 0..<whole, using: &self) < part }

    /// Letters, marks and signs of many scripts, without sense.
    mutating func text() -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x20...0x7E, 0xA0...0x24F, 0x300...0x36F, 0x370...0x4FF, 0x590...0x6FF, 0x900...0x97F,
            0xE00...0xE7F, 0x1100...0x11FF, 0x1E00...0x20FF, 0x3000...0x30FF, 0xAC00...0xAD00, 0xFB00...0xFFEF,
            0x1D400...0x1D7FF, 0x0...0x10FFFF,
        ]
        var view = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &self) {
            guard let range = ranges.randomElement(using: &self) else { continue }
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { view.append(scalar) }
        }
        return String(view)
    }
}
