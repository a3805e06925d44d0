/// Somebody whom the user knows, as far as matching needs to know him.
public struct Person: Sendable, Equatable, Hashable {
    /// Never compared with anything but another id; "31" is not in "317".
    public var id: String
    /// One word is a first name, more are a full name.
    public var name: String?
    public var givenName: String?
    /// Former names and nicknames.
    public var otherNames: [String]
    public var addresses: [String]

    /// More addresses are not read: a person with more is a mailing list.
    public static let mostAddresses = 100
    /// More names are not read.
    public static let mostNames = 100

    public init(
        id: String, name: String? = nil, givenName: String? = nil, otherNames: [String] = [], addresses: [String] = []
    ) {
        self.id = id
        self.name = name
        self.givenName = givenName
        self.otherNames = otherNames
        self.addresses = addresses
    }
}

extension Person {
    /// The lower of two ids: numbers before words, numbers by value, words by their bytes.
    public static func isLower(_ id: String, than other: String) -> Bool {
        let (left, right) = (Digits(id), Digits(other))
        guard let left, let right else {
            if left != nil || right != nil { return left != nil }
            return id.utf8.lexicographicallyPrecedes(other.utf8)
        }
        if left.count != right.count { return left.count < right.count }
        if left.text != right.text { return left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }
        return id.utf8.count < other.utf8.count
    }

    private struct Digits {
        let text: Substring
        var count: Int { text.utf8.count }

        init?(_ id: String) {
            guard !id.isEmpty, id.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            text = id.drop { $0 == "0" }
        }
    }
}
