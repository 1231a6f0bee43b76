"""What happens to accepted mail: signed, judged against the practice DNS, delivered or bounced."""
