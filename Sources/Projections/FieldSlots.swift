import Entries

/// The wanted fields of one JSON object, as slices of its bytes. The room is used again for the next object.
struct FieldSlots {
    private var slices: [JSONSlice?] = []

    subscript(index: Int) -> JSONSlice? { slices[index] }

    /// Reads what is wanted and passes over the rest. What is missing although it must be there, or is of another kind
    /// than the vocabulary says, is an error: a row made from half an entry would look like a whole one.
    mutating func read(_ wanted: [Plan.Wanted], from bytes: Span<UInt8>) throws {
        clear(count: wanted.count)
        var next = 0
        try JSONScanner.members(of: bytes) { (name, value) throws(JSONError) in
            keep(name, value, wanted, bytes, &next)
        }
        try check(wanted)
    }

    mutating func read(_ wanted: [Plan.Wanted], from object: JSONSlice, in bytes: Span<UInt8>) throws {
        clear(count: wanted.count)
        var next = 0
        try JSONScanner.members(of: object, in: bytes) { (name, value) throws(JSONError) in
            keep(name, value, wanted, bytes, &next)
        }
        try check(wanted)
    }

    mutating func clear(count: Int) {
        if slices.count == count {
            for index in 0..<count { slices[index] = nil }
        } else {
            slices = Array(repeating: nil, count: count)
        }
    }

    /// Fields are written in the order of the vocabulary, so the next wanted one is tried first.
    private mutating func keep(
        _ name: JSONSlice, _ value: JSONSlice, _ wanted: [Plan.Wanted], _ bytes: Span<UInt8>, _ next: inout Int
    ) {
        for step in 0..<wanted.count {
            let index = next + step < wanted.count ? next + step : next + step - wanted.count
            let candidate = wanted[index].name
            if name.equals(candidate.span, in: bytes) {
                slices[index] = value
                next = index + 1 < wanted.count ? index + 1 : 0
                return
            }
        }
    }

    private func check(_ wanted: [Plan.Wanted]) throws {
        for index in 0..<wanted.count {
            let field = wanted[index].description
            if let slice = slices[index], slice.kind != .null {
                guard field.shape.admits(slice.kind) else {
                    throw MalformedEntry(type: "", problem: "\(field.name) should be \(field.shape.words)")
                }
            } else if !field.isOptional {
                throw MalformedEntry(type: "", problem: "\(field.name) is missing")
            }
        }
    }
}

extension FieldShape {
    /// Of a list, what is in it.
    var element: FieldShape {
        switch self {
        case .list(let element): element
        default: self
        }
    }

    func admits(_ kind: JSONSlice.Kind) -> Bool {
        switch self {
        case .integer: kind == .integer
        case .boolean: kind == .boolean
        case .text, .word: kind == .text
        case .list: kind == .array
        case .group: kind == .object
        case .optional(let shape): shape.admits(kind)
        }
    }
}
