/// What becomes of each scalar when a name is folded.
///
/// The standard library can take letters apart only canonically, and only behind an underscored name; width forms and
/// ligatures need Unicode's compatibility mappings. So the table is written out by tools/unicode/names.py. It has a
/// second good: a folded name stays what it is when the toolchain learns a newer Unicode.
///
/// The table is text, because a compiler reads one string faster than thousands of numbers. Words are separated by
/// white space and all numbers are hexadecimal. `GAP*COUNT` skips GAP scalars from the end of the last word and speaks
/// of COUNT scalars (of one without `*`), of which follows: `-` they vanish, `_` they are a space, `>N` they move by N,
/// `:A,B` each becomes A B, `=N` their combining class is N. `A+B=C` in the list of pairs: A followed by B is C.
struct FoldingTable: Sendable {
    static let shared = FoldingTable()

    /// A scalar that stays what it is.
    static let same: UInt32 = 0
    /// A scalar that vanishes.
    static let nothing: UInt32 = 0xFFFF_FFFF
    /// Above all scalars: the rest is the place of an expansion.
    private static let expansion: UInt32 = 0x8000_0000

    /// Where the page of 256 scalars begins in `entries`, by the scalar's upper bits; page 0 says "same" of all.
    private var pages = [UInt32](repeating: 0, count: 0x1100)
    private var entries = [UInt32](repeating: FoldingTable.same, count: 256)
    private var expansions: [[UInt32]] = []
    private var orders: [UInt32: UInt8] = [:]
    private var pairs: [UInt64: UInt32] = [:]
    private var marks: Set<UInt32> = []

    private init() {
        for scalar in UInt32(0x41)...0x5A { set(scalar, scalar + 0x20) }
        for scalar in UInt32(0)..<0x80 where !FoldingTable.isPlain(scalar) { set(scalar, 0x20) }
        for scalar: UInt32 in [0x27, 0x60] { set(scalar, FoldingTable.nothing) }
        // ASCII is not in the table, so the first gap begins after it.
        var place: UInt32 = 0x80
        for word in FoldingData.scalars.utf8.split(whereSeparator: { $0 <= 0x20 }) { read(Array(word), at: &place) }
        place = 0
        for word in FoldingData.orders.utf8.split(whereSeparator: { $0 <= 0x20 }) { read(Array(word), at: &place) }
        for word in FoldingData.pairs.utf8.split(whereSeparator: { $0 <= 0x20 }) { readPair(Array(word)) }
    }

    /// `same`, `nothing`, a scalar, or an expansion to be asked for.
    func target(_ scalar: UInt32) -> UInt32 {
        let page = Int(scalar >> 8)
        return page < pages.count ? entries[Int(pages[page]) + Int(scalar & 0xFF)] : FoldingTable.same
    }

    func expansion(_ target: UInt32) -> [UInt32]? {
        target >= FoldingTable.expansion && target != FoldingTable.nothing
            ? expansions[Int(target - FoldingTable.expansion)] : nil
    }

    /// The combining class of a mark that stays; 0 of all else.
    func order(_ scalar: UInt32) -> UInt8 { scalar < 0x300 ? 0 : orders[scalar] ?? 0 }

    /// One letter for a letter and the mark after it.
    func pair(_ base: UInt32, _ mark: UInt32) -> UInt32? {
        marks.contains(mark) ? pairs[UInt64(base) << 32 | UInt64(mark)] : nil
    }

    private static func isPlain(_ scalar: UInt32) -> Bool {
        (0x30...0x39).contains(scalar) || (0x41...0x5A).contains(scalar) || (0x61...0x7A).contains(scalar)
    }

    private mutating func set(_ scalar: UInt32, _ target: UInt32) {
        let page = Int(scalar >> 8)
        guard page < pages.count else { return }
        if pages[page] == 0 {
            pages[page] = UInt32(entries.count)
            entries.append(contentsOf: repeatElement(FoldingTable.same, count: 256))
        }
        entries[Int(pages[page]) + Int(scalar & 0xFF)] = target
    }

    private mutating func read(_ word: [UInt8], at place: inout UInt32) {
        var reader = WordReader(word)
        let first = place &+ UInt32(truncatingIfNeeded: reader.number())
        let count = reader.skip("*") ? UInt32(truncatingIfNeeded: reader.number()) : 1
        place = first &+ count
        let scalars = first..<max(place, first)
        if reader.skip("-") {
            for scalar in scalars { set(scalar, FoldingTable.nothing) }
        } else if reader.skip("_") {
            for scalar in scalars { set(scalar, 0x20) }
        } else if reader.skip(">") {
            let shift = reader.number()
            for scalar in scalars { set(scalar, UInt32(truncatingIfNeeded: Int(scalar) &+ shift)) }
        } else if reader.skip("=") {
            let order = UInt8(truncatingIfNeeded: reader.number())
            for scalar in scalars { orders[scalar] = order }
        } else if reader.skip(":") {
            var parts = [UInt32(truncatingIfNeeded: reader.number())]
            while reader.skip(",") { parts.append(UInt32(truncatingIfNeeded: reader.number())) }
            for scalar in scalars { set(scalar, FoldingTable.expansion + UInt32(expansions.count)) }
            expansions.append(parts)
        }
    }

    private mutating func readPair(_ word: [UInt8]) {
        var reader = WordReader(word)
        let base = reader.number()
        _ = reader.skip("+")
        let mark = reader.number()
        _ = reader.skip("=")
        pairs[UInt64(base) << 32 | UInt64(mark)] = UInt32(truncatingIfNeeded: reader.number())
        marks.insert(UInt32(truncatingIfNeeded: mark))
    }
}

private struct WordReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        guard place < bytes.count, UInt32(bytes[place]) == sign.value else { return false }
        place += 1
        return true
    }

    mutating func number() -> Int {
        let isNegative = skip("-")
        var number = 0
        while place < bytes.count, let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue {
            number = number << 4 | digit
            place += 1
        }
        return isNegative ? -number : number
    }
}
