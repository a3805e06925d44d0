/// Chance from a seed (SplitMix64): the same numbers on every machine.
struct SeededChance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Damage as files suffer it: bytes changed, lost, doubled, moved, and words that mean something in a wrong place.
struct Mutation {
    private static let words = [
        "BEGIN:VEVENT\n", "END:VEVENT\n", "END:VCALENDAR\n", "BEGIN:VCARD\n", "END:VCARD\n", "\r\n ", "\n\t", "\r", ":",
        ";", "\"", "\\", "=\n", "^",
        ";ENCODING=QUOTED-PRINTABLE:", "RRULE:W1 MO #0\n", "DTSTART:99999999T999999Z\n", "DURATION:P999999999999W\n",
        "\u{FEFF}", "\u{0}", "EXDATE:,,,;;;\n", "=C3", "🚀", "https://zoom.us/j/", ",", "=", "20260321T090000Z/",
    ]

    static func mutated(_ bytes: [UInt8], by chance: inout SeededChance) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &chance) {
            let place = Int.random(in: 0...bytes.count, using: &chance)
            let length = min(Int.random(in: 0...40, using: &chance), bytes.count - place)
            switch Int.random(in: 0..<6, using: &chance) {
            case 0: if place < bytes.count { bytes[place] = UInt8.random(in: .min ... .max, using: &chance) }
            case 1: bytes.removeSubrange(place..<place + length)
            case 2:
                bytes.insert(
                    contentsOf: bytes[place..<place + length], at: Int.random(in: 0...bytes.count, using: &chance))
            case 3: bytes.insert(contentsOf: (words.randomElement(using: &chance) ?? "").utf8, at: place)
            case 4: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: [UInt8](repeating: bytes.first ?? 0, count: length), at: place)
            }
        }
        return bytes
    }
}
