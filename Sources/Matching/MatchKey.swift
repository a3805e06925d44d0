/// What a person can be found by, and a candidate can ask for.
///
/// A person's change can alter the verdict only of candidates with a key that the change touches, so a view may keep
/// the keys of each attendee and decide only those anew. A key is a number that is the same on every machine and in every
/// run, as long as `MatchingRules.version` is. Two texts may share one by chance: the index looks at the texts
/// themselves before it answers. Somebody who makes them share one on purpose gains no more than by giving many people
/// one name: that looking through them takes longer.
public struct MatchKey: Sendable, Hashable, Comparable {
    public let value: UInt64

    public init(value: UInt64) { self.value = value }

    public static func < (left: MatchKey, right: MatchKey) -> Bool { left.value < right.value }

    /// All forms of one mailbox share the key of its alias.
    static func address(_ address: MailAddress) -> MatchKey {
        var mixer = Mixer(kind: 1)
        let alias = address.aliased
        for scalar in alias.local.unicodeScalars { mixer.add(scalar.value) }
        mixer.add(0x40)
        for scalar in alias.domain.unicodeScalars { mixer.add(scalar.value) }
        return mixer.key
    }

    static func full(_ name: [Unicode.Scalar]) -> MatchKey { text(name, kind: 2) }

    static func first(_ name: String) -> MatchKey { text(name.unicodeScalars, kind: 3) }

    /// A piece of a name of this length; its place is the number of the piece, not where it stands.
    static func piece(_ piece: ArraySlice<Unicode.Scalar>, number: Int, ofLength length: Int) -> MatchKey {
        var mixer = Mixer(kind: 4)
        mixer.add(UInt32(truncatingIfNeeded: length))
        mixer.add(UInt32(truncatingIfNeeded: number))
        for scalar in piece { mixer.add(scalar.value) }
        return mixer.key
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>, kind: UInt64) -> MatchKey {
        var mixer = Mixer(kind: kind)
        for scalar in scalars { mixer.add(scalar.value) }
        return mixer.key
    }
}

/// Multiplies each scalar in, and spreads the bits at the end.
private struct Mixer {
    private var state: UInt64

    init(kind: UInt64) { state = 0xCBF2_9CE4_8422_2325 ^ (kind &* 0x9E37_79B9_7F4A_7C15) }

    mutating func add(_ value: UInt32) {
        state = (state ^ UInt64(value)) &* 0x0000_0100_0000_01B3
        state ^= state >> 29
    }

    var key: MatchKey {
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return MatchKey(value: value ^ (value >> 31))
    }
}
