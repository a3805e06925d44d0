public import Secrets

/// A projection as its author wrote it: a text of SQL in parts.
///
///     -- What the view answers. The lines up to the first part are its description.
///
///     -- schema
///     CREATE TABLE meeting_person (…) STRICT, WITHOUT ROWID;
///
///     -- on address.matched
///     INSERT INTO meeting_person (…) VALUES (:address, :person, :position) ON CONFLICT …;
///
///     -- on meeting.seen for each attendee
///     INSERT INTO meeting_attendee (…) VALUES (:meeting, :attendee_address) ON CONFLICT …;
///
///     -- on every entry
///     INSERT INTO …;
///
/// `for each attendee` runs the part once for each element of the list `attendees`. docs/adding.md tells which
/// parameters there are, and what a part may do.
public struct ProjectionFile: Sendable, Equatable {
    public let name: String
    public let description: String
    let schema: Part
    let parts: [Part]
    /// Tells one text from another: when it changes, the view is posted anew.
    public let digest: Digest
    /// The length of the text, as a guess at how much work it makes.
    let byteCount: Int

    struct Part: Sendable, Equatable {
        enum Trigger: Sendable, Equatable {
            case every
            case type(String)
            case element(type: String, of: String)
        }

        let trigger: Trigger
        let sql: String
        /// The line on which the SQL begins, from 1.
        let line: Int

        /// The line of the file on which a text stands; the first of the part where it is not found.
        func line(of text: String) -> Int {
            let lines = sql.split(separator: "\n", omittingEmptySubsequences: false)
            return line + (lines.firstIndex { $0.contains(text) } ?? 0)
        }
    }

    public init(name: String, text: String) throws {
        self.name = name
        digest = SHA256.hash(Array(text.utf8))
        byteCount = text.utf8.count
        var description: [String] = []
        var schema: Part?
        var parts: [Part] = []
        var heading: (text: String, line: Int)?
        var body: [Substring] = []

        func close() throws {
            guard let heading else { return }
            let sql = body.joined(separator: "\n")
            if heading.text == "schema" {
                guard schema == nil else { throw ProjectionError(name, heading.line, "there are two schema parts") }
                schema = Part(trigger: .every, sql: sql, line: heading.line + 1)
            } else {
                let trigger = try Self.trigger(heading.text, name, heading.line)
                parts.append(Part(trigger: trigger, sql: sql, line: heading.line + 1))
            }
        }

        for (index, line) in Self.lines(text).enumerated() {
            if let found = Self.heading(line) {
                try close()
                heading = (found, index + 1)
                body = []
            } else if heading != nil {
                body.append(line)
            } else if let comment = Self.comment(line) {
                description.append(comment)
            } else if !line.allSatisfy(\.isWhitespace) {
                throw ProjectionError(name, index + 1, "SQL stands before the first part; begin with “-- schema”")
            }
        }
        try close()
        guard let schema else { throw ProjectionError(name, 1, "there is no part “-- schema”") }
        guard !description.isEmpty else {
            throw ProjectionError(name, 1, "the first line should say what the view answers: “-- …”")
        }
        self.description = description.joined(separator: " ")
        self.schema = schema
        self.parts = parts
    }

    /// Swift counts a carriage return and a line feed as one character.
    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    private static func comment(_ line: Substring) -> String? {
        guard line.hasPrefix("--") else { return nil }
        return String(line.dropFirst(2).drop { $0 == " " })
    }

    /// `schema` or what follows `on`; nil for a line that begins no part.
    private static func heading(_ line: Substring) -> String? {
        guard let comment = comment(line) else { return nil }
        let words = comment.split(separator: " ").joined(separator: " ")
        if words == "schema" { return words }
        return words.hasPrefix("on ") && words.split(separator: " ").count <= 5 ? words : nil
    }

    private static func trigger(_ heading: String, _ name: String, _ line: Int) throws -> Part.Trigger {
        let words = heading.split(separator: " ").dropFirst().map(String.init)
        switch words.count {
        case 1: return .type(words[0])
        case 2 where words == ["every", "entry"]: return .every
        case 4 where words[1] == "for" && words[2] == "each": return .element(type: words[0], of: words[3])
        default:
            throw ProjectionError(
                name, line,
                "“-- \(heading)” is no part; write “-- on TYPE”, “-- on TYPE for each ELEMENT” or “-- on every entry”")
        }
    }
}

/// What is wrong with a projection's text, and where.
public struct ProjectionError: Error, Equatable, Sendable, CustomStringConvertible {
    public let name: String
    public let line: Int
    public let problem: String

    init(_ name: String, _ line: Int, _ problem: String) {
        self.name = name
        self.line = line
        self.problem = problem
    }

    public var description: String { "\(name).sql, line \(line): \(problem)" }
}
