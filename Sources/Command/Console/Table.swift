/// Rows under headings, each column as wide as it needs to be.
struct Table {
    struct Column {
        let heading: String
        var isNumber = false
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

    /// `limit` is the width of the terminal: the last column is cut to fit. Without one nothing is cut.
    func lines(_ style: Style, limit: Int?) -> [String] {
        let widths = columns.indices.map { index in
            rows.map { Visible.width($0[index]) }.reduce(Visible.width(columns[index].heading), max)
        }
        let heading = line(columns.map(\.heading), widths, limit) { _, text in style.bold(text) }
        return [heading] + rows.map { row in line(row, widths, limit) { columns[$0].style(style, $1) } }
    }

    private func line(_ cells: [String], _ widths: [Int], _ limit: Int?, _ styled: (Int, String) -> String) -> String {
        let last = cells.count - 1
        let before = widths.dropLast().reduce(0, +) + 2 * last
        return cells.enumerated().map { index, cell in
            let isLast = index == last
            let text = isLast ? limit.map { Visible.cut(cell, to: max(8, $0 - before)) } ?? cell : cell
            let padding = String(repeating: " ", count: max(0, widths[index] - Visible.width(text)))
            if columns[index].isNumber { return padding + styled(index, text) }
            return styled(index, text) + (isLast ? "" : padding)
        }.joined(separator: "  ")
    }
}
