import Entries
import Ledger
import SQLite

/// An entry at which following stopped, and why. Nothing after it was posted, and nothing is skipped.
public struct PostingError: Error, Sendable, CustomStringConvertible {
    public let position: Int64
    public let type: String
    public let problem: String

    public var description: String { "stopped at entry \(position) (\(type)): \(problem)" }
}

/// Posts one entry after the other into the tables. It decodes the fields that some statement wants, once, and leaves
/// the rest alone.
final class Poster {
    private let projections: [Projection]
    private let file: ViewsFile
    private let upcasting: Upcasting
    /// By the number that stands for the type in the ledger's file.
    private var plans: [Plan?] = []
    private var data = FieldSlots()
    private var personal = FieldSlots()
    private var element = FieldSlots()
    private var wholeElement: JSONSlice?
    private var days = DayNames()

    init(_ projections: [Projection], into file: ViewsFile, _ upcasting: Upcasting = .current) {
        self.projections = projections
        self.upcasting = upcasting
        self.file = file
    }

    func post(_ entry: borrowing StoredEntry) throws {
        let position = entry.position
        do {
            let plan = try plan(for: entry)
            if plan.work.isEmpty { return }
            if upcasting.isNeeded(for: entry.type) {
                let current = upcasting.apply(type: entry.type, content: entry.copy().content)
                let personal = current.content.personal ?? []
                try post(entry, plan, data: current.content.data.span, personal: personal.span)
            } else {
                try entry.withData { data in
                    try entry.withPersonal { personal in try post(entry, plan, data: data, personal: personal) }
                }
            }
        } catch let error as SQLiteError where error.kind != .constraint {
            throw error
        } catch let error as SQLiteError {
            throw PostingError(position: position, type: entry.type, problem: error.message)
        } catch let error as MalformedEntry {
            throw PostingError(position: position, type: entry.type, problem: error.problem)
        } catch {
            throw PostingError(position: position, type: entry.type, problem: "\(error)")
        }
    }

    private func plan(for entry: borrowing StoredEntry) throws -> Plan {
        let number = Int(entry.typeNumber)
        if number >= 0, number < plans.count, let plan = plans[number] { return plan }
        let type = upcasting.apply(type: entry.type, content: Content(data: [], personal: nil)).type
        let plan = try Plan(type: type, projections: projections, connection: file.connection)
        try file.makeIndexes(plan.indexes)
        while plans.count <= number { plans.append(nil) }
        plans[number] = plan
        return plan
    }

    private func post(
        _ entry: borrowing StoredEntry, _ plan: Plan, data: Span<UInt8>, personal: Span<UInt8>
    ) throws {
        try self.data.read(plan.data, from: data)
        if personal.isEmpty {
            self.personal.clear(count: plan.personal.count)
        } else {
            try self.personal.read(plan.personal, from: personal)
        }
        for work in plan.work {
            switch work {
            case .once(let run):
                bind(run, entry, data, personal, number: 0)
                try run.statement.run()
            case .each(let each): try post(each, entry, data, personal)
            }
        }
    }

    private func post(
        _ each: Plan.Each, _ entry: borrowing StoredEntry, _ data: Span<UInt8>, _ personal: Span<UInt8>
    ) throws {
        switch each.list {
        case .data(let index): try post(each, self.data[index], data, entry, data, personal)
        case .personal(let index): try post(each, self.personal[index], personal, entry, data, personal)
        default: break
        }
    }

    private func post(
        _ each: Plan.Each, _ list: JSONSlice?, _ bytes: Span<UInt8>, _ entry: borrowing StoredEntry,
        _ data: Span<UInt8>, _ personal: Span<UInt8>
    ) throws {
        guard let list, list.kind == .array else { return }
        var elements: [JSONSlice] = []
        try JSONScanner.elements(of: list, in: bytes) { (element) throws(JSONError) in elements.append(element) }
        for (number, slice) in elements.enumerated() {
            guard each.shape.admits(slice.kind) else {
                throw MalformedEntry(type: entry.type, problem: "element \(number) should be \(each.shape.words)")
            }
            wholeElement = slice
            if slice.kind == .object { try element.read(each.fields, from: slice, in: bytes) }
            for run in each.runs {
                bind(run, entry, data, personal, number: number, elements: bytes)
                try run.statement.run()
            }
        }
    }
}

// MARK: Binding

extension Poster {
    private func bind(
        _ run: Plan.Run, _ entry: borrowing StoredEntry, _ data: Span<UInt8>, _ personal: Span<UInt8>, number: Int,
        elements: Span<UInt8>? = nil
    ) {
        let statement = run.statement
        for index in 0..<run.sources.count {
            switch run.sources[index] {
            case .header(let header): bind(header, entry, to: statement, at: index + 1)
            case .data(let field): bind(self.data[field], in: data, to: statement, at: index + 1)
            case .personal(let field): bind(self.personal[field], in: personal, to: statement, at: index + 1)
            case .elementNumber: statement.bind(Int64(number), at: index + 1)
            case .element(let field):
                if let elements { bind(element[field], in: elements, to: statement, at: index + 1) }
            case .wholeElement:
                if let elements { bind(wholeElement, in: elements, to: statement, at: index + 1) }
            }
        }
    }

    private func bind(_ header: Plan.Header, _ entry: borrowing StoredEntry, to statement: Statement, at index: Int) {
        switch header {
        case .position: statement.bind(entry.position, at: index)
        case .stream: entry.withStream { statement.bind(text: $0, at: index) }
        case .version: statement.bind(entry.version, at: index)
        case .type: statement.bind(entry.type, at: index)
        case .owner: statement.bind(entry.owner, at: index)
        case .at: statement.bind(entry.at, at: index)
        case .day: statement.bind(days.name(of: entry.at), at: index)
        case .cause: statement.bind(entry.cause, at: index)
        case .actor: statement.bind(entry.actor, at: index)
        }
    }

    /// A value that is not bound is NULL.
    private func bind(_ slice: JSONSlice?, in bytes: Span<UInt8>, to statement: Statement, at index: Int) {
        guard let slice else { return }
        switch slice.kind {
        case .null: break
        case .integer: statement.bind(slice.integer(in: bytes), at: index)
        case .boolean: statement.bind(Int64(slice.boolean(in: bytes) == true ? 1 : 0), at: index)
        case .real: if let real = slice.real(in: bytes) { statement.bind(real, at: index) }
        case .text where slice.hasEscapes: statement.bind(text: slice.unescaped(in: bytes).span, at: index)
        case .text, .array, .object: statement.bind(text: bytes.extracting(slice.range), at: index)
        }
    }
}
