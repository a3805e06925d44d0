/// A password, a token, or an address that lets in whoever knows it.
///
/// It cannot be printed or encoded by accident: whoever needs the text must say so with `reveal`. Its memory is wiped
/// when the last copy is gone.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let bytes: SecretBytes

    public init(_ bytes: [UInt8]) { self.bytes = SecretBytes(bytes) }

    init(sharing bytes: SecretBytes) { self.bytes = bytes }

    public init(_ text: String) { self.init(Array(text.utf8)) }

    public var isEmpty: Bool { byteCount == 0 }

    public var byteCount: Int { bytes.withBytes(\.count) }

    /// Lends the text, for the one place that has to send it.
    public func reveal<Answer>(_ body: (String) throws -> Answer) rethrows -> Answer {
        try body(bytes.withBytes { String(decoding: $0, as: UTF8.self) })
    }

    public func revealBytes<Answer>(_ body: ([UInt8]) throws -> Answer) rethrows -> Answer {
        try body(bytes.withBytes { Array($0) })
    }

    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable {
    /// Takes as long for a difference in the first byte as for one in the last.
    public static func == (left: Secret, right: Secret) -> Bool {
        left.bytes.withBytes { left in
            right.bytes.withBytes { right in
                guard left.count == right.count else { return false }
                var difference: UInt8 = 0
                for index in left.indices { difference |= left[index] ^ right[index] }
                return difference == 0
            }
        }
    }
}
