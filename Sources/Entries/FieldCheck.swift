/// Refuses what reading would pass over in silence and so lose: a field that is not known, or stands there twice.
struct FieldCheck {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func check(_ fields: [FieldDescription], of place: Place) throws(JSONError) {
        let fields = fields.filter { $0.place == place }
        var seen: Set<String> = []
        try JSONScanner.members(of: bytes.span) { (name, value) throws(JSONError) in
            try check(name, value, fields, &seen, of: place.rawValue)
        }
    }

    private func check(
        _ name: JSONSlice, _ value: JSONSlice, _ fields: [FieldDescription], _ seen: inout Set<String>, of owner: String
    ) throws(JSONError) {
        // As it stands there: reading knows a name without escapes only.
        let text = String(decoding: bytes[name.range], as: UTF8.self)
        guard let field = fields.first(where: { $0.name == text }) else {
            throw JSONError(reason: "\(owner) has no field “\(text)”", offset: name.range.lowerBound)
        }
        guard seen.insert(text).inserted else {
            throw JSONError(reason: "\(owner) has the field “\(text)” twice", offset: name.range.lowerBound)
        }
        try check(value, field.shape, of: text)
    }

    private func check(_ value: JSONSlice, _ shape: FieldShape, of owner: String) throws(JSONError) {
        switch shape {
        case .optional(let shape): try check(value, shape, of: owner)
        case .list(let element) where value.kind == .array:
            try JSONScanner.elements(of: value, in: bytes.span) { (slice) throws(JSONError) in
                try check(slice, element, of: owner)
            }
        case .group(let fields) where value.kind == .object:
            var seen: Set<String> = []
            try JSONScanner.members(of: value, in: bytes.span) { (name, value) throws(JSONError) in
                try check(name, value, fields, &seen, of: owner)
            }
        // A value of another kind is found by reading.
        default: break
        }
    }
}
