/// Something that can have happened: one type of entry.
///
/// A fact lists its fields once, in `visit`; writing, reading, checking, the documentation and the names that a
/// projection may use are all made from that list. **Entries are forever**: a field may be added if it is optional, and
/// a type may be added; nothing is renamed and no meaning changes.
public protocol Fact: Sendable, Equatable {
    /// A noun and a past participle, as in `activity.logged`.
    static var type: String { get }

    /// When it is written and what it means, in a sentence or two.
    static var meaning: String { get }

    /// Every field absent or empty: what reading starts from.
    init()

    mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor)

    // Every type has these two from an extension. They are requirements so that the compiler makes a version of each for
    // each type, with its fields spelled out: that is five times as fast as one version that asks at run time.

    /// The two JSON objects of an entry that tells of the fact.
    func encoded() -> Content

    /// Reads the fact back.
    init(_ content: Content) throws(MalformedEntry)
}

/// The two halves of an entry.
public enum Place: String, Sendable, CaseIterable {
    /// What may be kept for ever: ids, times, numbers, words of ours.
    case data
    /// Everything that tells about a person: names, addresses, titles, descriptions, places, links, notes. It can be
    /// erased later, and every proof still holds.
    case personal
}

/// Walks over the fields of a fact in the order in which they are written.
public protocol FieldVisitor {
    mutating func field<Value: FieldValue>(_ name: String, _ value: inout Value, _ place: Place, _ meaning: String)
}

extension FieldVisitor {
    public mutating func data<Value: FieldValue>(_ name: String, _ value: inout Value, _ meaning: String) {
        field(name, &value, .data, meaning)
    }

    public mutating func personal<Value: FieldValue>(_ name: String, _ value: inout Value, _ meaning: String) {
        field(name, &value, .personal, meaning)
    }
}

/// An element of a list in an entry, with fields of its own.
public protocol FieldGroup: FieldValue {
    init()
    mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor)
}
