package billing

func Total(lines []Line, discountPercent, taxRate float64) float64 {
	total := 0.0
	for _, line := range lines {
		price, _ := strconv.ParseFloat(line.Price, 64)
		total += price * float64(line.Quantity)
	}
	total -= total * discountPercent / 100
	total += total * taxRate
	return math.Round(total*100) / 100
}
