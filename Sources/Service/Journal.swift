import Entries
import Machine

/// What the service says about its own work, line by line on standard error, for whoever runs it.
///
/// Nothing personal stands in it: ids, names of jobs, counts and kinds of failure. What a person is to read stands in the
/// ledger, and the line names the run by which it is found there.
public struct Journal: Sendable {
    public enum Form: String, Sendable, CaseIterable {
        /// For a person who looks on.
        case text
        /// One object a line, for a collector.
        case json
        case none
    }

    public enum Level: String, Sendable { case info, warning, error }

    /// A value of a line.
    public enum Value: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case text(String)
        case number(Int64)

        public init(stringLiteral text: String) { self = .text(text) }
        public init(integerLiteral number: Int64) { self = .number(number) }
    }

    public let form: Form
    private let now: @Sendable () -> Int64
    private let write: @Sendable (String) -> Void

    /// A value that is longer is cut: a line tells, it does not keep.
    private static let longestValue = 500

    public init(
        _ form: Form, now: @escaping @Sendable () -> Int64,
        write: (@Sendable (String) -> Void)? = nil
    ) {
        self.form = form
        self.now = now
        self.write = write ?? { try? Terminal.write($0, to: .error) }
    }

    /// Writes one line. Names and values stand in the order in which they are given.
    public func note(_ event: String, _ level: Level = .info, _ fields: KeyValuePairs<String, Value?> = [:]) {
        let present = fields.compactMap { name, value in value.map { (name, $0) } }
        switch form {
        case .none: return
        case .json: write(json(level, event, present))
        case .text: write(text(level, event, present))
        }
    }

    private func json(_ level: Level, _ event: String, _ fields: [(String, Value)]) -> String {
        var writer = JSONWriter()
        writer.name("time")
        writer.text(Moment.utc(now()))
        writer.name("level")
        writer.text(level.rawValue)
        writer.name("event")
        writer.text(event)
        for (name, value) in fields {
            writer.name(name)
            switch value {
            case .text(let text): writer.text(Self.shown(text))
            case .number(let number): writer.integer(number)
            }
        }
        return String(decoding: writer.finish(), as: UTF8.self) + "\n"
    }

    private func text(_ level: Level, _ event: String, _ fields: [(String, Value)]) -> String {
        let words = fields.map { name, value in
            switch value {
            case .text(let text): "\(name)=\(Self.shown(text))"
            case .number(let number): "\(name)=\(number)"
            }
        }
        let mark = level == .info ? "" : "[\(level.rawValue.uppercased())] "
        return ([Moment.utc(now()), mark + event] + words).joined(separator: " ") + "\n"
    }

    /// Control characters would let a text pass for a line of its own.
    private static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(longestValue).map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }))
    }
}
