import CSodium

extension [UInt8] {
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Nil unless the text is an even number of hexadecimal digits.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0]! << 4 | digits[$0 + 1]!) }
    }

    /// Base64 with the usual alphabet and padding.
    public var base64: String { encoded(sodium_base64_VARIANT_ORIGINAL) }

    /// Nil unless the text is exactly base64 with the usual alphabet and padding.
    public init?(base64 text: String) { self.init(text, sodium_base64_VARIANT_ORIGINAL) }

    /// Base64 with the alphabet that means nothing in an address, without padding.
    public var base64URL: String { encoded(sodium_base64_VARIANT_URLSAFE_NO_PADDING) }

    /// Nil unless the text is exactly what `base64URL` writes.
    public init?(base64URL text: String) { self.init(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING) }

    private func encoded(_ variant: Int32) -> String {
        Sodium.require()
        let capacity = sodium_base64_encoded_len(count, variant)
        var text = [CChar](repeating: 0, count: capacity)
        sodium_bin2base64(&text, capacity, self, count, variant)
        return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private init?(_ text: String, _ variant: Int32) {
        Sodium.require()
        var bytes = [UInt8](repeating: 0, count: text.utf8.count)
        var count = 0
        // Without an end pointer libsodium refuses what is left over.
        let code = sodium_base642bin(&bytes, bytes.count, text, text.utf8.count, nil, &count, nil, variant)
        guard code == 0 else { return nil }
        self = Array(bytes.prefix(count))
    }
}
