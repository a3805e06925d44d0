import CSodium

/// A source of random bytes, handed in and never taken, so that a test can repeat a run.
public struct Randomness: Sendable {
    private let fill: @Sendable (Int) -> [UInt8]

    public init(_ fill: @escaping @Sendable (_ count: Int) -> [UInt8]) { self.fill = fill }

    public func bytes(_ count: Int) -> [UInt8] { fill(count) }

    /// The kernel's, through libsodium.
    public static let system = Randomness { count in
        Sodium.require()
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }

    /// A name that nobody can guess and that says nothing: 80 bits as 16 letters and digits.
    public func identifier() -> String {
        // Without i, l, o and u: nobody misreads it, and it spells nothing.
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        return String(decoding: bytes(16).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
}
