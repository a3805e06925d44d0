/// The two JSON objects of an entry. `personal` is nil where the fact has nothing personal to say.
public struct Content: Sendable, Equatable {
    public let data: [UInt8]
    public let personal: [UInt8]?

    public init(data: [UInt8], personal: [UInt8]?) {
        self.data = data
        self.personal = personal
    }
}

extension Fact {
    public func encoded() -> Content {
        var copy = self
        var encoder = FactEncoder()
        copy.visit(&encoder)
        return encoder.finish()
    }
}

struct FactEncoder: FieldVisitor {
    private var data = JSONWriter()
    private var personal = JSONWriter()

    mutating func field<Value: FieldValue>(
        _ name: String, _ value: inout Value, _ place: Place, _ meaning: String
    ) {
        if value.isAbsent { return }
        switch place {
        case .data:
            data.name(name)
            value.write(to: &data)
        case .personal:
            personal.name(name)
            value.write(to: &personal)
        }
    }

    mutating func finish() -> Content {
        Content(data: data.finish(), personal: personal.isEmpty ? nil : personal.finish())
    }
}
