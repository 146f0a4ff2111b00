"""A program for Spark, as the how-to page shows it: ``spark_plants.py DATASET OUT``.

Started by its test as a process of its own, so that neither Java nor a worker outlives it.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

from sxsh_audit.scale.dataset import open_dataset


def main(folder: str, out: str) -> None:
    # Here, for the tests look for examples in this file too, where there is no Spark.
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import lit

    # Said of every use of pandas 3; that what is used here works is what the test shows.
    warnings.filterwarnings(
        "ignore", message="PySpark does not yet fully support pandas", category=FutureWarning
    )
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master("local[2]")
    for name, value in {
        "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.memory": "512m",
        "spark.sql.shuffle.partitions": "3", "spark.sql.adaptive.enabled": "false",
        "spark.local.dir": str(Path(out).parent),
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(Path(out).parent / "warehouse"),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "37",  # plants are cut anywhere
    }.items():  # fmt: skip
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        plan = open_dataset(folder).plan(programme="vn-qb-2384", factor_set="vn-3505")
        used = spark.read.parquet(f"{folder}/consumption").withColumn("table", lit("consumption"))
        made = spark.read.parquet(f"{folder}/production").withColumn("table", lit("production"))
        records = used.unionByName(made, allowMissingColumns=True)
        records = records.repartition("facility").sortWithinPartitions(
            "facility", "table", "resource", "period")  # fmt: skip
        savings = records.mapInPandas(plan.batches, plan.spark_schema)
        savings.write.parquet(out)
        # The refusal of a stream that is not sorted reaches the one who started the job.
        try:
            made.union(made).coalesce(1).mapInPandas(plan.batches, plan.spark_schema).collect()
        except Exception as error:
            print("not_sorted" if "«facility»" in str(error) else error)
    finally:
        spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
