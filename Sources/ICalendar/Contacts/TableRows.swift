/// The rows of a table of values between separators, as RFC 4180 describes them. Each byte is looked at once.
struct TableRows {
    /// Every quotation mark that opened something also closed it, and a break ended the last row.
    private(set) var isWhole = true
    private(set) var line = 1
    let separator: UInt8
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// The columns that are read of a row; no address book has as many.
    static let mostColumns = 2_000

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
        var start = bytes.startIndex
        var named: UInt8?
        // Excel writes the separator into a first line of its own.
        let row = bytes.prefix { $0 != .lineFeed && $0 != .carriageReturn }
        if row.count == 5, row.starts(with: "sep=".utf8) {
            named = row.last
            start = row.endIndex
            while start < bytes.endIndex, bytes[start] == .lineFeed || bytes[start] == .carriageReturn { start += 1 }
            line = 2
        }
        separator = named ?? Self.separator(of: bytes[start...])
        position = start
    }

    /// What stands most often in the first row, outside of quotes.
    private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), .tab]
        var counts = [0, 0, 0]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, byte == .lineFeed || byte == .carriageReturn { break }
            if !isQuoted, let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        let most = counts.max() ?? 0
        return candidates[counts.firstIndex(of: most) ?? 0]
    }

    /// The cells of the next row that is not blank, without their quotes.
    mutating func next() -> [ArraySlice<UInt8>]? {
        while position < bytes.endIndex {
            var cells: [ArraySlice<UInt8>] = []
            var isEnded = false
            while !isEnded {
                let cell = readCell(ending: &isEnded)
                if cells.count < Self.mostColumns { cells.append(cell) }
            }
            if cells.contains(where: { !trimmed($0).isEmpty }) { return cells }
        }
        return nil
    }

    private mutating func readCell(ending isEnded: inout Bool) -> ArraySlice<UInt8> {
        let cell = position < bytes.endIndex && bytes[position] == UInt8(ascii: "\"") ? readQuoted() : readPlain()
        guard position < bytes.endIndex else {
            isEnded = true
            isWhole = false
            return cell
        }
        if bytes[position] == separator {
            position += 1
            return cell
        }
        isEnded = true
        if bytes[position] == .carriageReturn { position += 1 }
        if position < bytes.endIndex, bytes[position] == .lineFeed { position += 1 }
        line += 1
        return cell
    }

    private mutating func readPlain() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.endIndex, !isEndOfCell(bytes[position]) { position += 1 }
        return bytes[start..<position]
    }

    /// Two quotation marks are one. What follows the last one belongs to the cell as well: nobody is lost by that.
    private mutating func readQuoted() -> ArraySlice<UInt8> {
        var cell: [UInt8] = []
        position += 1
        var isOpen = true
        while position < bytes.endIndex {
            let byte = bytes[position]
            if !isOpen, isEndOfCell(byte) { break }
            position += 1
            if byte == UInt8(ascii: "\"") {
                if isOpen, position < bytes.endIndex, bytes[position] == byte {
                    cell.append(byte)
                    position += 1
                } else {
                    isOpen.toggle()
                }
            } else {
                if byte == .lineFeed { line += 1 }
                cell.append(byte)
            }
        }
        if isOpen { isWhole = false }
        return cell[...]
    }

    private func isEndOfCell(_ byte: UInt8) -> Bool {
        byte == separator || byte == .lineFeed || byte == .carriageReturn
    }
}
