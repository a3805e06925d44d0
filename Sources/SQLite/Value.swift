/// One value as SQLite stores it.
public enum Value: Equatable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral,
    ExpressibleByFloatLiteral
{
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(nilLiteral: ()) { self = .null }
}

extension Value {
    public init(_ integer: Int64?) { self = integer.map(Value.integer) ?? .null }
    public init(_ text: String?) { self = text.map(Value.text) ?? .null }
    public init(_ blob: [UInt8]?) { self = blob.map(Value.blob) ?? .null }
}
