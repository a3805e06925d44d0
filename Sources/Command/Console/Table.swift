/// Rows under headings, each column as wide as it needs to be.
struct Table {
    struct Column {
        let heading: String
        var isNumber = false
        /// Never cut: half a date or half an id is none.
        var isFixed = false
        /// Goes on below where it is too long, and is not cut: for sentences. It is the last.
        var wraps = false
        var style: @Sendable (Style, String) -> String = { $1 }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count)
        rows.append(cells.map(Visible.text))
    }

    var isEmpty: Bool { rows.isEmpty }

    /// `limit` is the width of the terminal: columns are cut to fit it, the widest first. Without one nothing is cut.
    func lines(_ style: Style, limit: Int?) -> [String] {
        let natural = columns.indices.map { index in
            rows.map { Visible.width($0[index]) }.reduce(Visible.width(columns[index].heading), max)
        }
        let widths = limit.map { Self.fit(natural, columns, $0) } ?? natural
        let heading = line(columns.map(\.heading), widths) { _, text in style.bold(text) }
        return [heading] + rows.flatMap { lines(of: $0, widths, style) }
    }

    private func lines(of row: [String], _ widths: [Int], _ style: Style) -> [String] {
        let styled: (Int, String) -> String = { columns[$0].style(style, $1) }
        guard columns.last?.wraps == true, let last = row.last, let width = widths.last else {
            return [line(row, widths, styled)]
        }
        let pieces = Visible.wrap(last, to: width)
        let indent = String(repeating: " ", count: widths.dropLast().reduce(0) { $0 + $1 + 2 })
        return [line(row.dropLast() + [pieces.first ?? ""], widths, styled)] + pieces.dropFirst().map { indent + $0 }
    }

    /// Narrower than this a column says nothing any more.
    private static let leastWidth = 6

    private static func fit(_ natural: [Int], _ columns: [Column], _ limit: Int) -> [Int] {
        var widths = natural
        var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - limit
        while excess > 0 {
            // The last column has most to spare: it holds what is said, the others what it is said of.
            let candidates = widths.indices.filter {
                widths[$0] > leastWidth && !columns[$0].isNumber && !columns[$0].isFixed
            }
            let widest = candidates.max { weight($0, widths) < weight($1, widths) }
            guard let widest else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private static func weight(_ index: Int, _ widths: [Int]) -> Int {
        index == widths.count - 1 && widths[index] > 20 ? .max : widths[index]
    }

    private func line(_ cells: [String], _ widths: [Int], _ styled: (Int, String) -> String) -> String {
        cells.enumerated().map { index, cell in
            let text = Visible.cut(cell, to: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - Visible.width(text)))
            if columns[index].isNumber { return padding + styled(index, text) }
            return styled(index, text) + (index == cells.count - 1 ? "" : padding)
        }.joined(separator: "  ")
    }
}
