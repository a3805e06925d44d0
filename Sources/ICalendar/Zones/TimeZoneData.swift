// A file of the IANA time zone database (RFC 9636). All numbers are big endian.
//
//     header    TZif, version (0, '2', '3', '4'), 15 unused bytes, and six counts of four bytes each: of the
//               UT indicators, standard indicators, leap seconds, changes, types, and bytes of abbreviations
//     block     the times of the changes (four bytes each in the first block, eight in the second), for each change the
//               number of its type in a byte, the types (offset in four bytes, summer time and abbreviation in a byte
//               each), abbreviations, leap seconds, indicators
//     footer    from version 2 on: a line break, the rule for the future, a line break
//
// From version 2 on there are two headers and two blocks; the second has what counts, and the first is passed over.

/// What a file of the time zone database says.
public struct TimeZoneData: Hashable, Sendable {
    let periods: ZonePeriods

    /// The largest file of the database has 4 KiB; no zone will change a hundred times as often.
    public static let mostBytes = 1 << 18

    /// Old files begin with a change at -2^59, before the universe; sums of it must not overflow.
    static let seconds = -(1 << 60)...(1 << 60)

    /// Nil for bytes that are no such file, and for one that counts leap seconds, which no calendar does.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= TimeZoneData.mostBytes else { return nil }
        var reader = ZoneFileReader(bytes)
        guard var header = reader.header() else { return nil }
        let isLong = header.version >= UInt8(ascii: "2")
        if isLong {
            guard reader.skip(header.blockLength(timeLength: 4)), let second = reader.header() else { return nil }
            header = second
        }
        guard let periods = reader.periods(header, timeLength: isLong ? 8 : 4) else { return nil }
        self.periods = periods
    }
}

private struct ZoneFileHeader {
    let version: UInt8
    let utIndicators, standardIndicators, leapSeconds, changes, types, abbreviationBytes: Int

    func blockLength(timeLength: Int) -> Int {
        changes * (timeLength + 1) + types * 6 + abbreviationBytes + leapSeconds * (timeLength + 4)
            + standardIndicators + utIndicators
    }
}

private struct ZoneFileReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func header() -> ZoneFileHeader? {
        guard bytes.count - position >= 44, bytes[position..<(position + 4)].elementsEqual("TZif".utf8) else {
            return nil
        }
        let version = bytes[position + 4]
        position += 20
        let counts = (0..<6).map { _ in number(4) }
        guard counts.allSatisfy({ (0...TimeZoneData.mostBytes).contains($0) }) else { return nil }
        return ZoneFileHeader(
            version: version, utIndicators: counts[0], standardIndicators: counts[1], leapSeconds: counts[2],
            changes: counts[3], types: counts[4], abbreviationBytes: counts[5])
    }

    mutating func skip(_ count: Int) -> Bool {
        guard bytes.count - position >= count else { return false }
        position += count
        return true
    }

    mutating func periods(_ header: ZoneFileHeader, timeLength: Int) -> ZonePeriods? {
        let start = position
        let length = header.blockLength(timeLength: timeLength)
        guard bytes.count - start >= length, header.types > 0, header.leapSeconds == 0 else { return nil }
        let times = (0..<header.changes).map { _ in number(timeLength) }
        let numbers = (0..<header.changes).map { _ in number(1) & 0xFF }
        var types: [Int] = []
        for _ in 0..<header.types {
            types.append(number(4))
            position += 2
        }
        // RFC 9636 asks for offsets between -25 and 26 hours.
        guard numbers.allSatisfy({ $0 < types.count }), types.allSatisfy({ (-90_000...93_600).contains($0) }),
            times.allSatisfy({ TimeZoneData.seconds.contains($0) }), zip(times, times.dropFirst()).allSatisfy(<)
        else { return nil }
        position = start + length
        return ZonePeriods(firstOffset: types[0], changes: times, offsets: numbers.map { types[$0] }, future: footer())
    }

    private func footer() -> YearlyChange? {
        guard position < bytes.count, bytes[position] == 10 else { return nil }
        let rest = bytes[(position + 1)...]
        return YearlyChange(rest.prefix { $0 != 10 })
    }

    /// A number with a sign; the caller has made sure that its bytes are there.
    private mutating func number(_ length: Int) -> Int {
        var value: Int64 = length < 8 && bytes[position] >= 128 ? -1 : 0
        for _ in 0..<length {
            value = value << 8 | Int64(bytes[position])
            position += 1
        }
        return Int(value)
    }
}
