/// What is wrong with a text that should be JSON, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    public let reason: String
    public let offset: Int

    public var description: String { "\(reason) at byte \(offset)" }
}

/// Walks over JSON (RFC 8259) and hands out slices. It copies nothing and builds nothing: the ledger is read a million
/// entries at a time, and few of their fields are wanted.
public struct JSONScanner {
    /// Deeper than any entry; it keeps a hostile text from exhausting the stack.
    public static let deepest = 32

    private var position: Int

    private init(at position: Int) { self.position = position }

    /// Calls back with the name and the value of each member of the object that the bytes are.
    public static func members(
        of bytes: Span<UInt8>, _ body: (_ name: JSONSlice, _ value: JSONSlice) throws(JSONError) -> Void
    ) throws(JSONError) {
        var scanner = JSONScanner(at: 0)
        scanner.skipSpace(bytes)
        try scanner.object(bytes, depth: 0, body)
        scanner.skipSpace(bytes)
        if scanner.position != bytes.count { throw scanner.error("something follows the object") }
    }

    /// As `members(of:)`, for an object inside of the bytes.
    public static func members(
        of slice: JSONSlice, in bytes: Span<UInt8>,
        _ body: (_ name: JSONSlice, _ value: JSONSlice) throws(JSONError) -> Void
    ) throws(JSONError) {
        var scanner = JSONScanner(at: slice.range.lowerBound)
        try scanner.object(bytes, depth: 0, body)
    }

    /// Calls back with each element of an array inside of the bytes.
    public static func elements(
        of slice: JSONSlice, in bytes: Span<UInt8>, _ body: (JSONSlice) throws(JSONError) -> Void
    ) throws(JSONError) {
        var scanner = JSONScanner(at: slice.range.lowerBound)
        try scanner.array(bytes, depth: 0, body)
    }

    /// The one value that the bytes are.
    public static func value(of bytes: Span<UInt8>) throws(JSONError) -> JSONSlice {
        var scanner = JSONScanner(at: 0)
        scanner.skipSpace(bytes)
        let value = try scanner.value(bytes, depth: 0)
        scanner.skipSpace(bytes)
        if scanner.position != bytes.count { throw scanner.error("something follows the value") }
        return value
    }

    private func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }

    private func byte(_ bytes: Span<UInt8>) -> UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func expect(_ character: Unicode.Scalar, _ bytes: Span<UInt8>) throws(JSONError) {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            throw error("there should be a “\(character)”")
        }
        position += 1
    }

    private mutating func object(
        _ bytes: Span<UInt8>, depth: Int, _ body: (JSONSlice, JSONSlice) throws(JSONError) -> Void
    ) throws(JSONError) {
        try expect("{", bytes)
        skipSpace(bytes)
        if byte(bytes) == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            skipSpace(bytes)
            let name = try text(bytes)
            skipSpace(bytes)
            try expect(":", bytes)
            skipSpace(bytes)
            try body(name, try value(bytes, depth: depth + 1))
            skipSpace(bytes)
            if byte(bytes) == UInt8(ascii: "}") { break }
            try expect(",", bytes)
        }
        position += 1
    }

    private mutating func array(
        _ bytes: Span<UInt8>, depth: Int, _ body: (JSONSlice) throws(JSONError) -> Void
    ) throws(JSONError) {
        try expect("[", bytes)
        skipSpace(bytes)
        if byte(bytes) == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            skipSpace(bytes)
            try body(try value(bytes, depth: depth + 1))
            skipSpace(bytes)
            if byte(bytes) == UInt8(ascii: "]") { break }
            try expect(",", bytes)
        }
        position += 1
    }

    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONSlice {
        if depth > Self.deepest { throw error("the nesting is deeper than \(Self.deepest)") }
        let start = position
        switch byte(bytes) {
        case UInt8(ascii: "\""): return try text(bytes)
        case UInt8(ascii: "{"):
            try object(bytes, depth: depth) { (_, _) throws(JSONError) in }
            return slice(.object, from: start)
        case UInt8(ascii: "["):
            try array(bytes, depth: depth) { (_) throws(JSONError) in }
            return slice(.array, from: start)
        case UInt8(ascii: "t"): return try word("true", .boolean, bytes)
        case UInt8(ascii: "f"): return try word("false", .boolean, bytes)
        case UInt8(ascii: "n"): return try word("null", .null, bytes)
        default: return try number(bytes)
        }
    }

    private func slice(_ kind: JSONSlice.Kind, from start: Int) -> JSONSlice {
        JSONSlice(kind: kind, range: start..<position, hasEscapes: false)
    }

    private mutating func word(
        _ word: StaticString, _ kind: JSONSlice.Kind, _ bytes: Span<UInt8>
    ) throws(JSONError) -> JSONSlice {
        let start = position
        for letter in word.description.utf8 {
            guard byte(bytes) == letter else { throw error("there should be “\(word)”") }
            position += 1
        }
        return slice(kind, from: start)
    }

    private mutating func text(_ bytes: Span<UInt8>) throws(JSONError) -> JSONSlice {
        try expect("\"", bytes)
        let start = position
        var hasEscapes = false
        while true {
            skipPlain(bytes)
            guard position < bytes.count else { throw error("a text does not end") }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return JSONSlice(kind: .text, range: start..<(position - 1), hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape(bytes)
            default: throw error("a control character stands in a text")
            }
        }
    }

    /// Up to the next byte of a text that is not simply a part of it. Most of an entry is such bytes, so they are passed
    /// over without touching the scanner.
    private mutating func skipPlain(_ bytes: Span<UInt8>) {
        var index = position
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            index += 1
        }
        position = index
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(JSONError) {
        position += 1
        switch byte(bytes) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard Self.isHexadecimal(byte(bytes)) else { throw error("\\u wants four hexadecimal digits") }
                position += 1
            }
        default: throw error("this escape is unknown")
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSONSlice {
        let start = position
        var kind = JSONSlice.Kind.integer
        if byte(bytes) == UInt8(ascii: "-") { position += 1 }
        let isZero = byte(bytes) == UInt8(ascii: "0")
        let digits = try self.digits(bytes)
        if isZero && digits > 1 { throw error("a number begins with a needless zero") }
        if byte(bytes) == UInt8(ascii: ".") {
            kind = .real
            position += 1
            _ = try self.digits(bytes)
        }
        if byte(bytes) | 0x20 == UInt8(ascii: "e") {
            kind = .real
            position += 1
            if byte(bytes) == UInt8(ascii: "+") || byte(bytes) == UInt8(ascii: "-") { position += 1 }
            _ = try self.digits(bytes)
        }
        return slice(kind, from: start)
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONError) -> Int {
        let start = position
        while position < bytes.count, bytes[position] >= UInt8(ascii: "0"), bytes[position] <= UInt8(ascii: "9") {
            position += 1
        }
        if position == start { throw error("there should be a value") }
        return position - start
    }
}
