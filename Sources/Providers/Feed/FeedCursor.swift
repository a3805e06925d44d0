import HTTP

/// What the next reading of a feed must know of the last one.
///
/// It holds a mark of the address and never the address.
struct FeedCursor: Equatable {
    var source: String
    /// When the whole was read.
    var read: Int64
    var body = ""
    var content = ""
    /// When the first event comes into the window that was left out.
    var next: Int64?
    var refresh: Int64?
    var conditions = FeedConditions()

    init(source: String, read: Int64) {
        self.source = source
        self.read = read
    }

    // One field a line, for no header has line breaks in it.

    var text: String {
        let fields = [
            "1", source, String(read), body, content, next.map(String.init) ?? "", refresh.map(String.init) ?? "",
            conditions.entityTag ?? "", conditions.lastModified ?? "",
        ]
        return fields.joined(separator: "\n")
    }

    init?(_ text: String) {
        let fields = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 9, fields[0] == "1", let read = Int64(fields[2]) else { return nil }
        self.init(source: fields[1], read: read)
        body = fields[3]
        content = fields[4]
        next = Int64(fields[5])
        refresh = Int64(fields[6])
        conditions.entityTag = fields[7].isEmpty ? nil : fields[7]
        conditions.lastModified = fields[8].isEmpty ? nil : fields[8]
    }
}

/// How a server is asked whether anything changed: in its own words, to the letter, for it compares them as it likes.
struct FeedConditions: Equatable {
    var entityTag: String?
    var lastModified: String?

    init() {}

    init(_ response: Response) {
        entityTag = Self.usable(response.header("ETag"))
        lastModified = Self.usable(response.header("Last-Modified"))
    }

    var isEmpty: Bool { entityTag == nil && lastModified == nil }

    /// Longer than any that means well.
    private static let mostBytes = 1_024

    private static func usable(_ value: String?) -> String? {
        guard let value, !value.isEmpty, value.utf8.count <= mostBytes else { return nil }
        return value.utf8.allSatisfy { $0 >= 32 && $0 < 127 } ? value : nil
    }
}
