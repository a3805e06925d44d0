/// A kind of value: how it is read, what stands for it in the help, and what a shell may offer for it.
public struct ValueKind<Value: Sendable>: Sendable {
    /// What stands for the value in usage lines, such as `FILE`.
    public let metavar: String

    /// What is said of the allowed values in the help, such as "1 to 1000"; empty where there is nothing to say.
    public let note: String

    public let completion: Completion

    let parse: @Sendable (String, Surroundings) throws(ArgumentError) -> Value
    let write: @Sendable (Value) -> String

    /// `parse` throws messages that begin with a verb, best made by ``ArgumentError/wants(_:not:hint:)``.
    /// `write` spells a default value for the help, as it would be typed.
    public init(
        _ metavar: String,
        note: String = "",
        completion: Completion = .nothing,
        write: @escaping @Sendable (Value) -> String = { "\($0)" },
        parse: @escaping @Sendable (String, Surroundings) throws(ArgumentError) -> Value
    ) {
        self.metavar = metavar
        self.note = note
        self.completion = completion
        self.write = write
        self.parse = parse
    }

    /// The same kind, called something else in the help.
    public func named(_ metavar: String) -> ValueKind {
        ValueKind(metavar, note: note, completion: completion, write: write, parse: parse)
    }

    func read(_ occurrence: Occurrence, _ surroundings: Surroundings) throws(ArgumentError) -> Value {
        do throws(ArgumentError) {
            return try parse(occurrence.text, surroundings)
        } catch {
            throw error.about(occurrence.spelled)
        }
    }
}

extension ValueKind where Value == String {
    /// Any text, also none.
    public static var text: ValueKind {
        ValueKind("TEXT") { text, _ throws(ArgumentError) in text }
    }

    /// The path of a file, or `-` for the standard streams. Whether it is there is not looked at.
    public static var file: ValueKind { path("FILE", wanted: "a file", .files) }

    /// The path of a folder. Whether it is there is not looked at.
    public static var folder: ValueKind { path("FOLDER", wanted: "a folder", .folders) }

    private static func path(_ metavar: String, wanted: String, _ completion: Completion) -> ValueKind {
        ValueKind(metavar, completion: completion) { text, _ throws(ArgumentError) in
            guard !text.isEmpty else { throw .wants(wanted, not: text) }
            return text
        }
    }
}
